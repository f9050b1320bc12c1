"""Results that can be written to a folder of their own: one ``save`` for all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from fundsim import arguments
from fundsim.results.folder import PYTHON, Target, check_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundsim.report.canvas import Picture
    from fundsim.report.pages import Pages

__all__ = ["Decision", "Draw", "Saved"]

Language = Literal["en", "zh"]
PLOTS = ("png", "svg", "pdf", "none")

Draw = Callable[[Path], object]
"""Writes pictures into a folder."""


class Pictures(Protocol):
    """The pictures that results have by themselves."""

    def write_all(self, folder: Path, *, lang: Literal["en", "zh"] = "en", form: str = "png") -> object:
        """Write all of them into a folder."""
        ...


class Saved(ABC):
    """What can be written to a folder of its own, with pictures.  What the folder holds, the class says."""

    def save(
        self,
        folder: str | Path,
        *,
        replace: bool = False,
        lang: Literal["en", "zh"] = "en",
        plots: Literal["png", "svg", "pdf", "none"] = "png",
    ) -> Path:
        """Write a folder, whole or not at all, and return its path.

        The class says what its folder holds.

        Args:
            folder: Where to write.
            replace: Whether a folder that holds finished results is replaced, in whole.
            lang: Language of the pictures.
            plots: Format of the pictures, or ``none``.

        Raises:
            UsageError: The folder holds finished results and ``replace`` is False, or holds anything else,
                or can't be written; nothing is written then.  Or another command has put results there
                meanwhile: these are then kept beside them.
            OutputError: The disk is full.
        """
        target = check_folder(
            arguments.file_name("folder", folder),
            replace=arguments.flag("replace", replace),
            asked=PYTHON,
        )
        return self.save_at(target, lang=lang, plots=plots)

    def save_at(
        self,
        target: Target,
        *,
        lang: Literal["en", "zh"] = "en",
        plots: Literal["png", "svg", "pdf", "none"] = "png",
    ) -> Path:
        """Write to a place that was checked earlier, before the simulation; see ``save``.

        Only what stood there when it was checked may be replaced.
        """
        arguments.choice("lang", lang, arguments.LANGUAGES)
        arguments.choice("plots", plots, PLOTS)

        return self._write(target, self._drawing(lang, plots))

    def _drawing(self, lang: Language, plots: str) -> Draw:
        """Return what writes the pictures into a folder."""

        def draw(folder: Path) -> None:
            pictures = None if plots == "none" else self._pictures()
            if pictures is not None:
                pictures.write_all(folder, lang=lang, form=plots)

        return draw

    @abstractmethod
    def _pictures(self) -> Pictures | None:
        """Return the pictures; None where there is nothing to draw."""

    @abstractmethod
    def _write(self, target: Target, draw: Draw) -> Path:
        """Write the folder and return its path."""


class DrawnDecision(Pictures, Protocol):
    """The pictures of a decision."""

    def each(self, *, lang: Language = "en") -> Iterator[tuple[str, Picture]]:
        """Yield each picture with its name."""
        ...


class Decision(Saved):
    """Results of several simulations; the folder keeps the pages of its report, ``pages.json``, too."""

    def _drawing(self, lang: Language, plots: str) -> Draw:
        """Return what writes pictures and pages into the folder, the pages in both languages."""
        from fundsim.report.keeping import keep_pages  # noqa: PLC0415  (only who saves needs it)

        pictures = super()._drawing(lang, plots)

        def draw(folder: Path) -> None:
            pictures(folder / "plots")
            keep_pages(folder, self._pages, None if plots == "none" else self._pictures())

        return draw

    @abstractmethod
    def _pictures(self) -> DrawnDecision | None:
        """Return the pictures; None where there is nothing to draw."""

    @abstractmethod
    def _pages(self, lang: Language) -> Pages:
        """Return what a report says in a language."""
