using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using SpectralInit.Benchmarks.Peers;

namespace SpectralInit.Benchmarks.Suites;

/// <summary>The leading 64 eigenpairs of symmetric matrices, by both solvers, beside MathNet's full decomposition.</summary>
[MemoryDiagnoser]
public class LeadingEigenBenchmarks
{
    private double[] _matrix = [];
    private Matrix<double> _mathNet = Matrix<double>.Build.Dense(1, 1);

    [Params(256, 784, 2048)]
    public int Dimension { get; set; }

    [Params("decaying", "flat")]
    public string Spectrum { get; set; } = "decaying";

    [GlobalSetup]
    public void Setup()
    {
        _matrix = Spectrum == "flat" ? Problems.Wishart(Dimension) : Problems.Symmetric(Dimension);
        _mathNet = Matrix<double>.Build.Dense(Dimension, Dimension, _matrix);
    }

    /// <summary>All pairs; 2048 only when --slow is given.</summary>
    [Benchmark(Baseline = true)]
    public Evd<double> MathNet() => _mathNet.Evd(Symmetricity.Symmetric);

    [Benchmark]
    public EigenPairs Auto() => SymmetricEigen.Leading(_matrix, Dimension, Math.Min(64, Dimension));

    [Benchmark]
    public EigenPairs Krylov() => SymmetricEigen.Leading(_matrix, Dimension, Math.Min(64, Dimension), new() { Solver = EigenSolver.Krylov });

    [Benchmark]
    public EigenPairs Direct() => SymmetricEigen.Leading(_matrix, Dimension, Math.Min(64, Dimension), new() { Solver = EigenSolver.Direct });
}
