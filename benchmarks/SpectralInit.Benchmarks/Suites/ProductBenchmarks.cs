using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit.Benchmarks.Suites;

/// <summary>Square matrix products, MathNet's managed provider as the baseline.</summary>
[MemoryDiagnoser]
public unsafe class ProductBenchmarks
{
    private double[] _a = [], _b = [], _c = [];
    private float[] _single = [], _singleResult = [];
    private Matrix<double> _left = null!, _right = null!;

    [Params(32, 256, 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        _left = Matrix<double>.Build.Dense(Size, Size, (_, _) => random.NextDouble() - 0.5);
        _right = Matrix<double>.Build.Dense(Size, Size, (_, _) => random.NextDouble() - 0.5);
        (_a, _b, _c) = (_left.ToRowMajorArray(), _right.ToRowMajorArray(), new double[Size * Size]);
        (_single, _singleResult) = (Array.ConvertAll(_a, value => (float)value), new float[Size * Size]);
    }

    [Benchmark(Baseline = true)]
    public Matrix<double> MathNetDouble() => _left * _right;

    [Benchmark]
    public void SpectralInitDouble()
    {
        fixed (double* a = _a, b = _b, c = _c)
            MatrixProduct.Multiply(false, false, Size, Size, Size, 1.0, a, Size, b, Size, 0.0, c, Size);
    }

    [Benchmark]
    public void SpectralInitSingle()
    {
        fixed (float* a = _single, c = _singleResult)
            MatrixProduct.Multiply(false, false, Size, Size, Size, 1f, a, Size, a, Size, 0f, c, Size);
    }
}
