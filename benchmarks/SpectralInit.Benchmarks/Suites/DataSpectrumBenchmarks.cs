using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace SpectralInit.Benchmarks.Suites;

/// <summary>Principal components of tall and wide float rows, by every solver, beside MathNet on the smaller of covariance and Gram matrix.</summary>
[MemoryDiagnoser]
public class DataSpectrumBenchmarks
{
    private float[] _rows = [];
    private Matrix<float> _mathNet = Matrix<float>.Build.Dense(1, 1);

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

        _mathNet = Matrix<float>.Build.DenseOfRowMajor(n, d, _rows);
    }

    /// <summary>Centers, multiplies and decomposes; where the Gram matrix is the smaller one, its vectors are carried over to the features.</summary>
    [Benchmark(Baseline = true)]
    public Matrix<float> MathNet()
    {
        int n = _mathNet.RowCount;
        Vector<float> mean = _mathNet.ColumnSums() / n;
        Matrix<float> centered = _mathNet.MapIndexed((_, j, value) => value - mean[j]);
        if (n >= Columns)
            return Leading((centered.TransposeThisAndMultiply(centered) / (n - 1)).Evd(Symmetricity.Symmetric));
        return centered.TransposeThisAndMultiply(Leading(centered.TransposeAndMultiply(centered).Evd(Symmetricity.Symmetric)));

        static Matrix<float> Leading(Evd<float> all) => all.EigenVectors.SubMatrix(0, all.EigenVectors.RowCount, all.EigenVectors.ColumnCount - 16, 16);
    }

    [Benchmark]
    public DataSpectrum Fit()
    {
        // The Gram matrix of more rows than features would only be the larger of the two.
        SpectrumSolver solver = Solver == SpectrumSolver.Gram && Shape.StartsWith('2') ? SpectrumSolver.Covariance : Solver;
        return DataSpectrum.Fit(_rows, Columns, new() { Components = 16, Solver = solver });
    }
}
