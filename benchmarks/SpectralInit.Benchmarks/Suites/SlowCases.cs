using BenchmarkDotNet.Running;

namespace SpectralInit.Benchmarks.Suites;

/// <summary>Baselines that take from ten seconds to minutes per call: left out unless <c>--slow</c> is among the arguments, and their ratios with them.</summary>
internal static class SlowCases
{
    public const string Flag = "--slow";

    public static bool Includes(BenchmarkCase benchmark) => (benchmark.Descriptor.Type.Name, benchmark.Descriptor.WorkloadMethod.Name) switch
    {
        (nameof(LeadingEigenBenchmarks), nameof(LeadingEigenBenchmarks.MathNet)) => (int)benchmark.Parameters[nameof(LeadingEigenBenchmarks.Dimension)] > 1024,
        (nameof(SpectralNormBenchmarks), nameof(SpectralNormBenchmarks.MathNet)) => (int)benchmark.Parameters[nameof(SpectralNormBenchmarks.Size)] > 256,
        _ => false,
    };
}
