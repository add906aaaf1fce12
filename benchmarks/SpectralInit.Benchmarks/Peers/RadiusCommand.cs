using System.Diagnostics;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>The spectral radius of ten sparse random matrices, one by one: a single one says little, for on a crowded edge the work differs severalfold. benchmarks/peers/radius.py has ARPACK's.</summary>
internal static class RadiusCommand
{
    public static int Run()
    {
        SpectralRadius.Of(Problems.Reservoir(10_000, 10));
        SpectralRadius.Of(Problems.Reservoir(10_000, 10));
        Console.WriteLine("| seed | radius | residual | products | ms |");
        Console.WriteLine("|---:|---:|---:|---:|---:|");
        for (ulong seed = 0; seed < 10; seed++)
        {
            SparseMatrix matrix = Problems.Reservoir(10_000, 10, seed);
            Stopwatch watch = Stopwatch.StartNew();
            SpectralRadiusResult result = SpectralRadius.Of(matrix);
            Console.WriteLine($"| {seed} | {result.Value:F9} | {result.Residual:E1} | {result.Iterations} | {watch.Elapsed.TotalMilliseconds:F0} |");
        }

        return 0;
    }
}
