using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>The instruction sets that random fills are written for. All give the same bits.</summary>
internal enum RandomPath
{
    /// <summary>One value at a time, any processor.</summary>
    Portable,

    /// <summary>AVX2 with FMA.</summary>
    Bits256,

    /// <summary>AVX-512.</summary>
    Bits512,
}

/// <summary>Which paths this processor has.</summary>
internal static class RandomPaths
{
    public static RandomPath Best => Avx512F.IsSupported ? RandomPath.Bits512 : Avx2.IsSupported && Fma.IsSupported ? RandomPath.Bits256 : RandomPath.Portable;
}
