using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>What the peers are told, so that they run at their best.</summary>
internal static class PeerEnvironment
{
    public const string CoreTypeVariable = "OPENBLAS_CORETYPE", TorchVariable = "ATEN_CPU_CAPABILITY";

    /// <summary>
    /// OpenBLAS's kernel set. Older releases do not know new processors and fall back to AVX2, which would flatter us, so the AVX-512 set is
    /// asked for where the processor has it. PEERS_CORETYPE overrides.
    /// </summary>
    public static string CoreType { get; } = Environment.GetEnvironmentVariable("PEERS_CORETYPE") ?? (Avx512F.IsSupported ? "SkylakeX" : "Haswell");

    /// <summary>PyTorch's own kernels: as the processor has them, but AVX2 like everybody's where AVX-512 is turned off for this process (DOTNET_EnableAVX512=0).</summary>
    public static string? TorchCapability => Avx512F.IsSupported ? null : "avx2";
}
