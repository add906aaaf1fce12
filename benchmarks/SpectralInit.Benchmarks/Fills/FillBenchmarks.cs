using BenchmarkDotNet.Attributes;
using MathNet.Numerics.Distributions;

namespace SpectralInit.Benchmarks.Fills;

/// <summary>4096 × 4096 weights in place; MathNet's normal sampler is the baseline.</summary>
[MemoryDiagnoser]
public class FillBenchmarks
{
    private const int Size = 4096;

    private readonly float[] _floats = new float[Size * Size];
    private readonly double[] _doubles = new double[Size * Size];
    private readonly Half[] _halves = new Half[Size * Size];
    private readonly WeightShape _shape = WeightShape.Dense(Size, Size);
    private readonly HeInitializer _normal = new(), _uniform = new(distribution: WeightDistribution.Uniform), _truncated = new(distribution: WeightDistribution.TruncatedNormal);

    [Benchmark(Baseline = true)]
    public void MathNetNormal() => Normal.Samples(new Random(1), _doubles, 0, 0.02);

    [Benchmark]
    public void NormalDouble() => _normal.Initialize<double>(_doubles, _shape, 1);

    [Benchmark]
    public void NormalFloat() => _normal.Initialize<float>(_floats, _shape, 1);

    [Benchmark]
    public void NormalHalf() => _normal.Initialize<Half>(_halves, _shape, 1);

    [Benchmark]
    public void UniformFloat() => _uniform.Initialize<float>(_floats, _shape, 1);

    [Benchmark]
    public void TruncatedFloat() => _truncated.Initialize<float>(_floats, _shape, 1);

    /// <summary>The write bandwidth that a fill cannot beat.</summary>
    [Benchmark]
    public void ConstantFloat() => new ConstantInitializer(1).Initialize<float>(_floats, _shape, 1);
}
