using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>C ← α·tile + β·C; C is not read when β = 0. While k runs it fetches the lines of C, and 64 bytes per step from <paramref name="ahead"/> on.</summary>
internal readonly unsafe struct ProductSink<TLanes, TVector, T>(T* c, nint ldc, T alpha, T beta, byte* ahead = null) : ITileSink<TVector>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TileFactor<T> _alpha = new(alpha), _beta = new(beta);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int row, int column, TVector value)
    {
        T* place = c + (row * ldc) + (column * TLanes.Count);
        TVector scaled = TLanes.Multiply(TLanes.Broadcast(_alpha.Value), value);
        if (_beta.Value != T.Zero)
            scaled = TLanes.MultiplyAdd(TLanes.Broadcast(_beta.Value), TLanes.Load(place), scaled);
        TLanes.Store(place, scaled);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(nint k)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0((byte*)(c + ((k & 7) * ldc)) + ((k & 24) * 8));
        if (ahead != null)
            Sse.Prefetch1(ahead + (k * 64));
    }
}
