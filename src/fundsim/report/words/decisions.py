"""The sentences with which reports of decisions begin, and the titles of their tables, in two languages."""

from __future__ import annotations

from fundsim.report.words.answer import Say

__all__ = ["DECISION_TEXTS"]  # and each sentence, by its name

# how large
FOUND = Say(
    "the {which} {key} that meets {targets} is {answer}{reading}",
    "满足 {targets} 的{which} {key} 为 {answer}{reading}",
)
EVERY = Say(
    "every value of {key} from {low} to {high} meets {targets}{reading}",
    "{key} 在 {low} 至 {high} 之间的每个取值都满足 {targets}{reading}",
)
NO_VALUE_MEETS = Say(
    "no value of {key} from {low} to {high} meets {targets}{reading}; the nearest is {best}, where {figures}",
    "{key} 在 {low} 至 {high} 之间没有取值满足 {targets}{reading}；最接近的取值为 {best}，此时 {figures}",
)
NOTHING_KNOWN = Say(
    "no path has a value of the figure at any value of {key} that was tried{reading}",
    "{key} 所试的任何取值下，都没有路径具有该指标的数值{reading}",
)
EDGE = Say(
    "{targets} is met at {best}, the edge of the range of {key}, and missed elsewhere in it{reading}",
    "{targets} 仅在 {key} 范围边缘 {best} 处满足，范围内其他取值不满足{reading}",
)
UNRESOLVED = Say(
    "it is undecided on these paths which value of {key} meets {targets}: the figure is within its error of "
    "the bound everywhere{reading}",
    "在这些路径上无法判定 {key} 取何值满足 {targets}：各取值下指标与目标值之差均在误差之内{reading}",
)
NOW = Say("{key} is {now} now", "{key} 现为 {now}")
CONFIRMED = Say(
    "fresh paths of seed {seed} agree: there {figures}{reading}",
    "以种子 {seed} 的新路径核对，结果一致：{figures}{reading}",
)
CONTRADICTED = Say(
    "fresh paths of seed {seed} contradict it: there {figures}{reading}",
    "以种子 {seed} 的新路径核对，结果不一致：{figures}{reading}",
)
FIGURE_IS = Say("{figure} is {value}", "{figure} 为 {value}")
NEVER_CUT = Say(
    "no lending limit cuts a loan on any path at this value", "取该值时，所有路径上额度均未削减放贷"
)
CUT = Say(
    "at this value lending limits cut lending in {months} of the months, and refuse {refused} of what is "
    "asked for",
    "取该值时，额度在 {months} 的月份削减放贷，拒绝了申请额的 {refused}",
)
AT_BETTER = Say(
    "with all assumptions at their better ends: {answer}{reading}", "全部假设取有利一端时：{answer}{reading}"
)
AT_WORSE = Say(
    "with all assumptions at their worse ends: {answer}{reading}", "全部假设取不利一端时：{answer}{reading}"
)

# what moves it
BASE = Say("{figure} is {value} with all assumptions at their values", "全部假设取原值时 {figure} 为 {value}")
NO_MOVE = Say(
    "no assumption is seen to move {figure} on these paths", "在这些路径上未见任何假设影响 {figure}"
)
NO_PATH_AT_ALL = Say("no path has a value of {figure}", "没有路径具有 {figure} 的数值")
RAISES_MOST = Say(
    "what raises it most is {name} at {input}: by {change}",
    "使其上升最多的是 {name} 取 {input}：变动 {change}",
)
LOWERS_MOST = Say(
    "what lowers it most is {name} at {input}: by {change}",
    "使其下降最多的是 {name} 取 {input}：变动 {change}",
)
RAISES_NEVER = Say("no single assumption is seen to raise it", "未见任何单个假设使其上升")
LOWERS_NEVER = Say("no single assumption is seen to lower it", "未见任何单个假设使其下降")
TOGETHER_UP = Say(
    "with all of them at the ends that raise it, it is {value} ({change})",
    "全部假设同取使其上升的一端时为 {value}（{change}）",
)
TOGETHER_DOWN = Say(
    "with all of them at the ends that lower it, it is {value} ({change})",
    "全部假设同取使其下降的一端时为 {value}（{change}）",
)
NOT_ALL = Say("; {count} can't stand there with the others", "；其中 {count} 项无法与其他假设同时取该端")

# what if
LOWEST_HIGHEST = Say(
    "{figure} is lowest at {low_cell}, {low}, and highest at {high_cell}, {high}",
    "{figure} 在 {low_cell} 处最低，为 {low}；在 {high_cell} 处最高，为 {high}",
)
OVERLAP = Say("; their 95 % intervals overlap", "；两者的 95% 置信区间重叠")
SAME = Say("{figure} is {value} at all values that were tried", "{figure} 在所试的各取值下均为 {value}")
HARDLY = Say(
    "{figure} lies between {low} at {low_cell} and {high} at {high_cell}, and nowhere does it surely differ "
    "from that at {first}",
    "{figure} 介于 {low}（{low_cell}）与 {high}（{high_cell}）之间，各处与 {first} 相比均无确定的差异",
)
ONLY_CELL = Say(
    "{figure} is {value} at {cell}, and no path has a value of it elsewhere",
    "{figure} 仅在 {cell} 处有数值，为 {value}",
)
NO_PATH = Say(
    "no path has a value of {figure} at any value that was tried",
    "所试的任何取值下，都没有路径具有 {figure} 的数值",
)
UNSOUND = Say(
    "the scenario can't be run in {count} of {cells} cells", "{cells} 格中有 {count} 格情景无法运行"
)
ON_FRONTIER = Say("on the frontier of {goals}: {cells}", "{goals} 的有效前沿：{cells}")
NO_FRONTIER = Say("no cell is surely on the frontier of {goals}", "没有一格确定位于 {goals} 的有效前沿上")
UNDECIDED = Say("; of {count} more these paths don't decide it", "；另有 {count} 格在这些路径上未能判定")

# several scenarios
ONE_PATH = Say(
    "one path has no errors: it can't be said which differences are sure",
    "单条路径没有误差，无法判断哪些差异是确定的",
)
SAME_INPUTS = Say("{side} has the same inputs as {first}", "{side} 与 {first} 的输入相同")
NONE_KNOWN = Say("no difference of {side} from {first} is known", "{side} 与 {first} 之间没有可用的差异")
NONE_SURE = Say(
    "none of {count} figures of {side} surely differs from {first}'s",
    "{side} 的 {count} 项指标与 {first} 均无确定的差异",
)
DIFFERS = Say(
    "{figure}: {value} in {side} and {other} in {first}; the difference is {change}",
    "{figure}：{side} 为 {value}，{first} 为 {other}，差异 {change}",
)
MORE_DIFFER = Say(
    "further figures of {side} that surely differ from {first}'s: {count} of {all}",
    "{side} 的 {all} 项指标中，另有 {count} 项与 {first} 有确定的差异",
)
TARGETS_MET = Say(
    "all {count} targets of {side} are met together with probability {p}, those of {first} with {q}",
    "{side} 的 {count} 项目标同时达成的概率为 {p}，{first} 为 {q}",
)
TARGET_MET = Say(
    "the target “{target}” is met with probability {p} in {side} and {q} in {first}",
    "目标“{target}”达成的概率：{side} 为 {p}，{first} 为 {q}",
)
BY = Say("; the difference is {change}", "；差异 {change}")
NOT_SURE_BY = Say("; the difference, {change}, is not sure", "；差异 {change}，并不确定")

ONLY_SIMULATION = Say(
    "± and intervals cover simulation error only, not doubt about the inputs",
    "± 和区间只反映模拟误差，不反映输入参数的不确定性",
)
ALONE = Say(
    "each assumption is moved alone, which hides what they do to each other",
    "各假设单独变动，未反映其相互作用",
)

DECISION_TEXTS = {
    **{one.en: one.zh for one in tuple(globals().values()) if isinstance(one, Say)},
    "smallest": "最小",
    "largest": "最大",
    " ({reading})": "（{reading}）",
    # titles and subtitles
    "{subtitle}, {date}": "{subtitle}，{date}",
    "how large must {key} be: {scenario}": "{key} 需要多大：{scenario}",
    "what moves the figures: {scenario}": "各项假设的影响：{scenario}",
    "what if {keys} were other: {scenario}": "{keys} 取其他值时：{scenario}",
    "how sure are the figures: {scenario}": "指标有多可靠：{scenario}",
    "comparison on the same paths: {legend}": "同一组路径上的比较：{legend}",
    "Comparison: {names}": "比较：{names}",
    "the answer": "结果",
    "what moves {figure}": "影响 {figure} 的假设",
    "all assumptions together": "全部假设同取一端",
    "inputs of {side} that differ from {first}": "{side} 与 {first} 不同的输入",
    "performance targets": "绩效目标",
    "number of targets met": "目标达成数",
    "{side}: {title}": "{side}：{title}",
    "Table {count}": "表 {count}",
    "Chart": "图表",
    "numbers of {file}, in base units: yuan, fractions, months": "{file} 的数值，单位为元、小数、月",
    "kind": "类型",
    "comparison": "比较",
    "size": "测算",
    "sweep": "参数扫描",
    "tornado": "敏感性分析",
    "doubt": "不确定性",
    "draws": "抽样次数",
    "at low input": "取低值时的变动",
    "at high input": "取高值时的变动",
    "Amounts are in {unit}; cells hold all digits.": "金额单位为{unit}；单元格保留全部数位。",
}
"""English → Chinese, for the catalogue of all texts."""
