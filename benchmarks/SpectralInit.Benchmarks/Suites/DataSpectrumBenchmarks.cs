using BenchmarkDotNet.Attributes;

namespace SpectralInit.Benchmarks.Suites;

/// <summary>Principal components of tall and wide float rows, by every solver.</summary>
[MemoryDiagnoser]
public class DataSpectrumBenchmarks
{
    private float[] _rows = [];

    [Params("20000x256", "500x8192")]
    public string Shape { get; set; } = "20000x256";

    [Params(SpectrumSolver.Auto, SpectrumSolver.Covariance, SpectrumSolver.Gram, SpectrumSolver.MatrixFree)]
    public SpectrumSolver Solver { get; set; }

    private int Columns => int.Parse(Shape.Split('x')[1]);

    [GlobalSetup]
    public void Setup()
    {
        int n = int.Parse(Shape.Split('x')[0]), d = Columns;
        Random random = new(1);
        _rows = new float[n * d];
        for (int i = 0; i < n; i++)
        {
            double[] factors = [.. Enumerable.Range(1, 24).Select(k => (random.NextDouble() - 0.5) / k)];
            for (int j = 0; j < d; j++)
                _rows[(i * d) + j] = (float)(factors[j % 24] + factors[j * 7 % 24] + (0.01 * random.NextDouble()));
        }
    }

    [Benchmark]
    public DataSpectrum Fit()
    {
        // The Gram matrix of more rows than features would only be the larger of the two.
        SpectrumSolver solver = Solver == SpectrumSolver.Gram && Shape.StartsWith('2') ? SpectrumSolver.Covariance : Solver;
        return DataSpectrum.Fit(_rows, Columns, new() { Components = 16, Solver = solver });
    }
}
