using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>C ← α·tile + β·C; C is not read when β = 0.</summary>
internal readonly unsafe struct ProductSink<TLanes, TVector, T>(T* c, nint ldc, T alpha, T beta) : ITileSink<TVector>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int row, int column, TVector value)
    {
        T* place = c + (row * ldc) + (column * TLanes.Count);
        TVector scaled = TLanes.Multiply(TLanes.Broadcast(alpha), value);
        if (beta != T.Zero)
            scaled = TLanes.MultiplyAdd(TLanes.Broadcast(beta), TLanes.Load(place), scaled);
        TLanes.Store(place, scaled);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(nint k)
    {
    }
}
