"""A named tuple handed on by its address.

numba hands a tuple over member by member, and every array in it as seven words and more: hundreds of
words for ``Tables`` and ``State``, at every call, through every kernel on the way down.  They are
copied away again by the time the machine runs, but the compiler has to get there, and spent two thirds
of its time on it.  ``by_reference`` lays the tuple down in memory once, in the entry, and kernels
are given its address: ``tables.segments`` reads the member from there, ``tables.window`` is the
address of the tuple within.  Kernels are written, and run uncompiled, as if they had the tuple itself.

It is written with numba's interface for extensions, so it is the same with every version of numba.
"""

from __future__ import annotations

import hashlib
from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, overload, register_model

__all__ = ["by_reference"]


class Reference(types.Type):
    """The address of a named tuple.  Its short name keeps the names of all functions that take one short."""

    def __init__(self, group: Any) -> None:
        self.group = group
        digest = hashlib.blake2b(str(group).encode(), digest_size=8).hexdigest()
        super().__init__(name=f"Reference({group.instance_class.__name__}, {digest})")

    def member(self, name: str) -> Any:
        """Return the type that reading a member gives: within a tuple, a tuple is an address too."""
        member = self.group[self.group.fields.index(name)]
        return Reference(member) if isinstance(member, types.BaseNamedTuple) else member


@register_model(Reference)
class _ReferenceModel(models.PrimitiveModel):
    def __init__(self, manager: Any, reference: Reference) -> None:
        group = manager.lookup(reference.group).get_value_type()
        super().__init__(manager, reference, group.as_pointer())


@infer_getattr
class _ReferenceMember(AttributeTemplate):
    key = Reference

    def generic_resolve(self, reference: Reference, name: str) -> Any:  # type: ignore[override]
        return reference.member(name) if name in reference.group.fields else None


@lower_getattr_generic(Reference)
def _read_member(context: Any, builder: Any, reference: Reference, address: Any, name: str) -> Any:
    place = cgutils.gep_inbounds(builder, address, 0, reference.group.fields.index(name))
    member = reference.member(name)
    if isinstance(member, Reference):
        return place
    value = builder.load(place)
    if context.enable_nrt:  # where references are counted, the reader gives back one of its own
        context.nrt.incref(builder, member, value)
    return value


@intrinsic
def _in_memory(_typing: Any, group: Any) -> Any:
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return cgutils.alloca_once_value(builder, arguments[0])

    return Reference(group)(group), code


def by_reference(group: Any) -> Any:
    """Return a named tuple of arrays as kernels take it.

    It lives as long as the call of the kernel that asked for it, and is not to be changed.
    """
    return group


@overload(by_reference, inline="always")
def _by_reference(group):  # numba checks names and annotations of its parameters against the kernel's
    def kernel(group):
        return _in_memory(group)

    return kernel
