using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>What the peers are told, so that they run at their best.</summary>
internal static class PeerEnvironment
{
    public const string CoreTypeVariable = "OPENBLAS_CORETYPE";

    /// <summary>
    /// OpenBLAS's kernel set. Older releases do not know new processors and fall back to AVX2, which would flatter us, so the AVX-512 set is
    /// asked for where the processor has it. PEERS_CORETYPE overrides.
    /// </summary>
    public static string CoreType { get; } = Environment.GetEnvironmentVariable("PEERS_CORETYPE") ?? (Avx512F.IsSupported ? "SkylakeX" : "Haswell");

    /// <summary>
    /// For glibc's malloc: memory once freed is kept for what comes next. By itself it goes back to the kernel, and from there, within two seconds, to the host of a virtual machine: then what allocates
    /// hundreds of megabytes in each run, like <c>numpy.cov</c>, takes up to three times as long as it does run after run.
    /// </summary>
    public static IReadOnlyDictionary<string, string> KeptMemory { get; } = new Dictionary<string, string> { ["MALLOC_MMAP_MAX_"] = "0", ["MALLOC_TRIM_THRESHOLD_"] = "1000000000000" };
}
