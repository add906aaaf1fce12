using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Benchmarks.Fills;

/// <summary>Orthogonal weights against the QR factors of a Gaussian matrix in MathNet.</summary>
[MemoryDiagnoser]
public class OrthogonalBenchmarks
{
    private readonly OrthogonalInitializer _orthogonal = new();
    private float[] _weights = [];
    private WeightShape _shape = WeightShape.Dense(0, 0);

    [Params(256, 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _shape = WeightShape.Dense(Size, Size);
        _weights = new float[_shape.Count];
    }

    [Benchmark(Baseline = true)]
    public Matrix<float> MathNetQr() => Matrix<float>.Build.Random(Size, Size, 1).QR().Q;

    [Benchmark]
    public void Orthogonal() => _orthogonal.Initialize<float>(_weights, _shape, 1);
}
