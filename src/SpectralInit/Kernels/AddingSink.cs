using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>C += tile, in double whatever the tile is. While k runs it fetches the lines of C, and per step one line of what will be read later.</summary>
internal readonly unsafe struct AddingSink<TLanes, TVector, T>(double* c, nint ldc, byte* ahead, nint step) : ITileSink<TVector>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int row, int column, TVector value) => TLanes.AddTo(c + (row * ldc) + (column * TLanes.Count), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(nint k)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(c + ((k & 7) * ldc) + (k & 56));
            Sse.Prefetch1(ahead + (k * step));
        }
    }
}
