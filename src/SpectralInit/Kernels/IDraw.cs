namespace SpectralInit.Kernels;

/// <summary>A distribution: turns whole tiles of random words (<see cref="Philox"/>) into draws, in place.</summary>
internal unsafe interface IDraw<T>
    where T : unmanaged
{
    void Transform<TLanes, TReal, TBits>(T* tiles, int count)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>;
}
