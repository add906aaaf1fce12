using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Benchmarks.Suites;

/// <summary>Covariances of rows; the baseline centers and multiplies with MathNet.</summary>
[MemoryDiagnoser]
public class CovarianceBenchmarks
{
    private double[] _rows = [];
    private float[] _singles = [];
    private Matrix<double> _matrix = null!;

    public static IEnumerable<(int Rows, int Columns)> Shapes => [(1797, 64), (100_000, 16), (20_000, 256), (20_000, 784)];

    [ParamsSource(nameof(Shapes))]
    public (int Rows, int Columns) Shape { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        _rows = new double[Shape.Rows * Shape.Columns];
        for (int i = 0; i < _rows.Length; i++)
            _rows[i] = random.NextDouble() + 3;
        _singles = Array.ConvertAll(_rows, value => (float)value);
        _matrix = Matrix<double>.Build.DenseOfRowMajor(Shape.Rows, Shape.Columns, _rows);
    }

    [Benchmark(Baseline = true)]
    public Matrix<double> MathNetDouble()
    {
        Vector<double> mean = _matrix.ColumnSums() / Shape.Rows;
        Matrix<double> centered = _matrix - Matrix<double>.Build.DenseOfRowVectors(Enumerable.Repeat(mean, Shape.Rows));
        return centered.TransposeThisAndMultiply(centered) / (Shape.Rows - 1);
    }

    [Benchmark]
    public CovarianceEstimate SpectralInitDouble() => Covariance.Of(_rows, Shape.Columns);

    [Benchmark]
    public CovarianceEstimate SpectralInitSingle() => Covariance.Of(_singles, Shape.Columns);

    [Benchmark]
    public CovarianceEstimate LedoitWolf() => Covariance.LedoitWolf(RowSource.From(_rows, Shape.Columns));
}
