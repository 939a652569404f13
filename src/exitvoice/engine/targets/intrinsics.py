"""Primitives as single instructions of LLVM, the same text for every machine that LLVM compiles for."""

INTRINSICS = '''\
@intrinsic
def choose(typing_context, condition, yes, no):
    """One select instruction: a branch would let LLVM thread the loop into pieces it cannot vectorise."""
    common = types.int32  # every whole number of a rule fits; wider ones would halve the lanes
    if isinstance(yes, types.Float) or isinstance(no, types.Float):
        common = types.float32
    elif yes == types.uint32:
        common = types.uint32
    elif isinstance(yes, types.Boolean) and isinstance(no, types.Boolean):
        common = types.boolean

    def write(context, builder, signature, arguments):
        return builder.select(*arguments)

    return common(types.boolean, common, common), write


@intrinsic
def lowest_bit(typing_context, word):
    """Place of the lowest bit that is set."""
    def write(context, builder, signature, arguments):
        return builder.cttz(arguments[0], context.get_constant(types.boolean, True))

    return types.uint64(types.uint64), write


@intrinsic
def bits_set(typing_context, word):
    """Number of bits that are set."""
    def write(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), write


@intrinsic
def has_bit(typing_context, word, place):
    """Whether a bit of a 32-bit word is set: written out in Python it would take lanes of 64 bits."""
    def write(context, builder, signature, arguments):
        here = builder.and_(arguments[1], context.get_constant(types.int32, 31))
        bit = builder.and_(builder.lshr(arguments[0], here), context.get_constant(types.uint32, 1))
        return builder.icmp_unsigned("!=", bit, context.get_constant(types.uint32, 0))

    return types.boolean(types.uint32, types.int32), write


@intrinsic
def fused(typing_context, x, y, z):
    """x * y + z in one rounding: one instruction, and the same bits on every machine."""
    def write(context, builder, signature, arguments):
        return builder.fma(*[context.cast(builder, a, t, types.float32) for a, t in zip(arguments, signature.args)])

    return types.float32(types.float32, types.float32, types.float32), write


@helper
def bits_of(value):
    return np.float32(value).view(np.uint32)


@helper
def from_bits(pattern):
    return np.uint32(pattern).view(np.float32)


@helper
def share_level(value):
    return integer(value * real(65535.0) + real(0.5))


@helper
def level_share(level):
    return real(level) * real(1.5259022e-05)


'''
