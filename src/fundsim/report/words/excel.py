"""The texts of Excel workbooks, in Chinese by their English."""

from __future__ import annotations

__all__ = ["EXCEL_TEXTS"]

EXCEL_TEXTS = {
    # names of sheets
    "Answer": "结论",
    "Defaults": "违约",
    "Coverage": "代偿与覆盖",
    "Leverage and lending": "放大与放款",
    "Fiscal cost": "财政成本",
    "Bridge funds": "应急转贷",
    "Equity funds": "股权基金",
    "Payments": "预算执行与支出",
    "Other figures": "其他指标",
    "Sources and uses": "资金来源与用途",
    "Targets": "绩效目标表",
    "With doubt": "参数不确定性",
    "Together": "同时变坏",
    "Distributions": "分布",
    "Month by month": "逐月",
    "Layers": "逐层放大",
    "Inputs": "参数及来源",
    "Manifest": "运行信息",
    # headings
    "name": "名称",
    "period": "时点",
    "mean or probability": "均值或概率",
    "95 % from": "95% 下限",
    "95 % to": "95% 上限",
    "{level} from": "{level} 下限",
    "{level} to": "{level} 上限",
    "paths without a value": "无数值路径占比",
    "sheet": "工作表",
    "year": "年度",
    "side": "收支",
    "item": "项目",
    "assumptions that drive it": "主要影响参数",
    "range": "范围",
    "{low} % of draws": "抽样 {low}% 分位",
    "first figure": "指标一",
    "second figure": "指标二",
    "bad end": "变坏方向",
    "bound": "方向",
    "from": "起",
    "to": "止",
    "paths": "路径数",
    "share of paths": "路径占比",
    "month": "月份",
    "layer": "层次",
    "multiple of the first": "对第一层的倍数",
    "heading": "一级指标",
    "low end": "低",
    "high end": "高",
    "value in words": "取值说明",
    "key": "键",
    "meaning": "含义",
    "sources": "资料来源",
    "headline figures": "主要指标",
    "up to {end}": "{end} 以下",
    "from {start}": "{start} 以上",
    # charts
    "Fiscal cost by year": "分年度财政成本",
    "Probability that targets are met": "绩效目标达成概率",
    # the manifest
    "scenario": "情景",
    "title": "标题",
    "SHA-256 of the scenario": "情景 SHA-256",
    "seed": "种子",
    "engine": "引擎",
    "metrics chosen": "所选指标",
    "window begins": "政策期开始",
    "months of the window": "政策期月数",
    "months of the run-off": "清算期月数",
    "date of the run": "运行日期",
    "version of {library}": "{library} 版本",
    "paths of monthly quantiles": "逐月分位数所用路径数",
    # notes
    "Amounts are in {unit}; cells hold all digits and show those that the error leaves. ± is one Monte "
    "Carlo standard error; intervals are 95 % and cover simulation error only.": (
        "金额单位为{unit}；单元格保留全部数位，只显示误差以内的位数。± 为一个蒙特卡洛标准误；"
        "区间为 95% 置信区间，只反映模拟误差。"
    ),
    "An amount of 1 is {yuan} yuan; summary.json is in yuan.": "1 即 {yuan} 元；summary.json 以元为单位。",
    "Counts are of all paths that have a value.": "计数含所有有数值的路径。",
    "Mean of all paths, quantiles of the first {paths:,}.": (
        "均值取自全部路径，分位数取自前 {paths:,} 条路径。"
    ),
    "Mean at the end of the window, and the 5 % and 95 % quantiles.": "政策期末均值，及 5%、95% 分位数。",
}
