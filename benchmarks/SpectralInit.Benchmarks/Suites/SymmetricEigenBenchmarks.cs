using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Benchmarks.Peers;

namespace SpectralInit.Benchmarks.Suites;

/// <summary>Full symmetric eigendecomposition of Wishart matrices, against MathNet's managed one.</summary>
[MemoryDiagnoser]
public class SymmetricEigenBenchmarks
{
    private double[] _matrix = [];
    private Matrix<double> _mathNet = Matrix<double>.Build.Dense(1, 1);

    [Params(64, 128, 256, 512, 784, 1024)]
    public int Dimension { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _matrix = Problems.Wishart(Dimension);
        _mathNet = Matrix<double>.Build.Dense(Dimension, Dimension, (double[])_matrix.Clone());
    }

    [Benchmark(Baseline = true)]
    public object MathNetEvd() => _mathNet.Evd(Symmetricity.Symmetric).EigenVectors;

    [Benchmark]
    public EigenPairs Decompose() => SymmetricEigen.Decompose(_matrix, Dimension);

    [Benchmark]
    public EigenPairs LeadingTenth() => SymmetricEigen.Decompose(_matrix, Dimension, Dimension / 10);

    [Benchmark]
    public double[] Values() => SymmetricEigen.Values(_matrix, Dimension);
}
