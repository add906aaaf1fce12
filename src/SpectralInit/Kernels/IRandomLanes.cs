namespace SpectralInit.Kernels;

/// <summary>
/// One SIMD width of reals and their bits, as the random transforms need it: IEEE 754 operations that round once, so that every width gives the
/// same bits. Masks are all ones or all zeros. Implementations are empty structs.
/// </summary>
internal unsafe interface IRandomLanes<TReal, TBits, T>
    where T : unmanaged
{
    static abstract int Count { get; }

    static abstract TBits Load(T* source);

    static abstract void Store(T* destination, TReal value);

    static abstract TReal Broadcast(T value);

    /// <summary>A constant, rounded to T.</summary>
    static abstract TReal Real(double value);

    static abstract TBits Bits(ulong value);

    static abstract TBits AsBits(TReal value);

    static abstract TReal AsReal(TBits value);

    /// <summary>Signed integer → real, rounded to nearest; 32-bit lanes only.</summary>
    static abstract TReal FromSigned(TBits value);

    /// <summary>Unsigned integer → real, rounded to nearest; 32-bit lanes only.</summary>
    static abstract TReal FromUnsigned(TBits value);

    static abstract TReal Add(TReal left, TReal right);

    static abstract TReal Subtract(TReal left, TReal right);

    static abstract TReal Multiply(TReal left, TReal right);

    static abstract TReal Divide(TReal left, TReal right);

    /// <summary>left·right + addend with one rounding, on every processor.</summary>
    static abstract TReal MultiplyAdd(TReal left, TReal right, TReal addend);

    static abstract TReal Sqrt(TReal value);

    static abstract TReal Min(TReal left, TReal right);

    static abstract TReal Max(TReal left, TReal right);

    static abstract TBits Add(TBits left, TBits right);

    static abstract TBits And(TBits left, TBits right);

    static abstract TBits Or(TBits left, TBits right);

    static abstract TBits Xor(TBits left, TBits right);

    static abstract TBits ShiftLeft(TBits value, int bits);

    static abstract TBits ShiftRight(TBits value, int bits);

    /// <summary>A mask of the lanes whose highest bit is set.</summary>
    static abstract TBits TopBit(TBits value);

    /// <summary>A mask of the lanes where left &lt; right, unsigned.</summary>
    static abstract TBits Less(TBits left, TBits right);

    static abstract TBits Equal(TReal left, TReal right);

    static abstract TBits Greater(TReal left, TReal right);

    static abstract TReal Select(TBits mask, TReal yes, TReal no);

    static abstract bool Any(TBits mask);
}
