namespace SpectralInit.Kernels;

/// <summary>One SIMD width: what a kernel needs of it. Implementations are empty structs, so that kernels specialize at compile time.</summary>
internal unsafe interface ILanes<TVector, T>
    where T : unmanaged
{
    /// <summary>Values per vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a product tile: as many as the register file holds three vectors of.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Load(T* source);

    /// <summary>Stored values of float or double, or of 16-bit integers where T is float, converted to T.</summary>
    static abstract TVector LoadAs<TEntry>(TEntry* source)
        where TEntry : unmanaged;

    static abstract void Store(T* destination, TVector value);

    static abstract TVector Broadcast(T value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>The smaller of each pair; either where one is not a number.</summary>
    static abstract TVector Min(TVector left, TVector right);

    /// <summary>The larger of each pair; either where one is not a number.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>left·right + addend, in one rounding wherever the processor has it.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>Lane i ← lane <paramref name="order"/>[i] of value, where each unit of 32 bits is counted as a lane.</summary>
    static abstract TVector Permute(TVector value, TVector order);

    /// <summary>The sum of all values, in a fixed order.</summary>
    static abstract T Sum(TVector value);

    /// <summary>sums[i] ← the sum of all values of vector i of eight that follow each other, in a fixed order.</summary>
    static abstract void SumEach(T* vectors, T* sums);

    /// <summary>destination[i] += value[i] in double.</summary>
    static abstract void AddTo(double* destination, TVector value);
}
