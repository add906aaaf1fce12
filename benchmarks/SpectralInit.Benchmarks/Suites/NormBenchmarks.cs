using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit.Benchmarks;

/// <summary>Spectral norms of square standard normal float matrices, certified to 1e-4, beside MathNet's singular values.</summary>
[MemoryDiagnoser]
public class SpectralNormBenchmarks
{
    private float[] _matrix = [];
    private Matrix<float> _mathNet = Matrix<float>.Build.Dense(1, 1);

    [Params(256, 1024, 4096)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _matrix = new float[Size * Size];
        RandomFill.Normal<float>(_matrix, 0, 1, 1);
        _mathNet = Matrix<float>.Build.DenseOfRowMajor(Size, Size, _matrix);
    }

    /// <summary>All singular values; only the smallest size unless --slow is given.</summary>
    [Benchmark(Baseline = true)]
    public double MathNet() => _mathNet.L2Norm();

    [Benchmark]
    public double Certified() => SpectralNorm.Of(_matrix, Size, Size).Value;

    [Benchmark]
    public double Tight() => SpectralNorm.Of(_matrix, Size, Size, new() { Tolerance = 1e-10 }).Value;

    [Benchmark]
    public unsafe double OnePass()
    {
        using Scratch<double> vectors = Scratch.RentCleared<double>(2L * GramProduct.Vectors * Size);
        fixed (float* w = _matrix)
            GramProduct.Multiply<float, float>(w, Size, Size, vectors.Pointer, vectors.Pointer + (GramProduct.Vectors * Size), backward: false);
        return vectors.Pointer[0];
    }
}

/// <summary>Spectral radii: all eigenvalues directly, MathNet's, and Krylov–Schur on a sparse reservoir.</summary>
[MemoryDiagnoser]
public class SpectralRadiusBenchmarks
{
    private Matrix<double> _matrix = Matrix<double>.Build.Dense(1, 1);

    [Params(50, 200, 400)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        double[] values = new double[Size * Size];
        RandomFill.Normal<double>(values, 0, 1, 1);
        _matrix = Matrix<double>.Build.DenseOfRowMajor(Size, Size, values);
    }

    [Benchmark(Baseline = true)]
    public double MathNet() => _matrix.Evd(Symmetricity.Asymmetric).EigenValues.Max(value => value.Magnitude);

    [Benchmark]
    public double Direct() => SpectralRadius.Of(_matrix, new() { Method = SpectralRadiusMethod.Direct }).Value;

    [Benchmark]
    public double Arnoldi() => SpectralRadius.Of(_matrix, new() { Method = SpectralRadiusMethod.Arnoldi }).Value;
}
