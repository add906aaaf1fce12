using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Spectrum;

public class LeadingEigenTests
{
    private static readonly LeadingEigenOptions s_krylov = new() { Solver = EigenSolver.Krylov };

    /// <summary>H·diag(λ)·H with H a product of random reflections: a symmetric matrix of known spectrum.</summary>
    internal static double[] Planted(double[] eigenvalues, int seed = 1)
    {
        int n = eigenvalues.Length;
        Random random = new(seed);
        double[] a = new double[n * n], v = new double[n], w = new double[n];
        for (int i = 0; i < n; i++)
            a[(i * n) + i] = eigenvalues[i];
        for (int reflection = 0; reflection < 3; reflection++)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
                sum += (v[i] = random.NextDouble() - 0.5) * v[i];
            double scale = Math.Sqrt(2 / sum), c = 0;
            for (int i = 0; i < n; i++)
                v[i] *= scale;
            for (int i = 0; i < n; i++)
            {
                w[i] = 0;
                for (int j = 0; j < n; j++)
                    w[i] += a[(i * n) + j] * v[j];
                c += v[i] * w[i];
            }

            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                    a[(i * n) + j] = a[(j * n) + i] = a[(i * n) + j] - (v[i] * w[j]) - (w[i] * v[j]) + (c * v[i] * v[j]);
            }
        }

        return a;
    }

    private static void ShouldBeLeading(EigenPairs pairs, double[] matrix, int n, IEnumerable<double> expected, double tolerance)
    {
        double[] largest = [.. expected.OrderByDescending(value => value).Take(pairs.Count)];
        double norm = Math.Max(expected.Max(Math.Abs), 1e-290);
        double worstValue = 0, worstResidual = 0, worstReport = 0, worstDot = 0;
        for (int i = 0; i < pairs.Count; i++)
        {
            worstValue = Math.Max(worstValue, Math.Abs(pairs.Values[i] - largest[i]));
            ReadOnlySpan<double> v = pairs.Vector(i);
            double squares = 0;
            for (int r = 0; r < n; r++)
            {
                double y = TensorPrimitives.Dot(matrix.AsSpan(r * n, n), v) - (pairs.Values[i] * v[r]);
                squares += y * y;
            }

            worstResidual = Math.Max(worstResidual, Math.Sqrt(squares));
            worstReport = Math.Max(worstReport, Math.Abs(pairs.Residuals[i] - Math.Sqrt(squares)));
            for (int j = 0; j <= i; j++)
                worstDot = Math.Max(worstDot, Math.Abs(TensorPrimitives.Dot(v, pairs.Vector(j)) - (i == j ? 1 : 0)));
        }

        worstValue.Should().BeLessThan(1e-12 * norm, "the values are known");
        worstResidual.Should().BeLessThan(tolerance * norm);
        worstReport.Should().BeLessThan(1e-13 * norm, "residuals are measured");
        worstDot.Should().BeLessThan(1e-13, "vectors are orthonormal");
    }

    public static TheoryData<string, int, int> Spectra => new()
    {
        { "reciprocal", 300, 10 }, { "reciprocal", 301, 40 }, { "square", 260, 20 }, { "exponential", 300, 30 }, { "linear", 250, 12 },
        { "two values", 220, 10 }, { "two values", 220, 30 }, { "zero", 200, 5 }, { "identity", 200, 12 }, { "rank 3", 240, 10 }, { "negative", 230, 8 },
        { "signed", 256, 9 }, { "cluster of 30", 300, 33 }, { "spikes", 400, 6 }, { "graded", 200, 25 },
    };

    private static double[] Spectrum(string name, int n) => [.. Enumerable.Range(0, n).Select(i => name switch
    {
        "reciprocal" => 1.0 / (i + 1),
        "square" => 1.0 / ((i + 1) * (i + 1)),
        "exponential" => Math.Exp(-i / 20.0),
        "linear" => 1 - ((double)i / n),
        "two values" => i < 20 ? 50 : 1,
        "zero" => 0,
        "identity" => 1,
        "rank 3" => i < 3 ? 3 - i : 0,
        "negative" => -1.0 / (i + 1),
        "signed" => i % 2 == 0 ? 1.0 / (i + 1) : -1.0 / i,
        "cluster of 30" => i < 30 ? 2 : 1.0 / (i + 1),
        "spikes" => i < 6 ? 10 - i : 1 + (0.5 * Math.Sin(i)),
        "graded" => Math.Pow(10, -i / 4.0),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    })];

    [Theory]
    [MemberData(nameof(Spectra))]
    public void Krylov_finds_the_leading_pairs_of_known_spectra(string name, int n, int count)
    {
        double[] values = Spectrum(name, n), matrix = Planted(values);
        EigenPairs pairs = SymmetricEigen.Leading(matrix, n, count, s_krylov);
        pairs.Method.Should().Be(EigenMethod.BlockKrylov);
        pairs.Converged.Should().BeTrue();
        ShouldBeLeading(pairs, matrix, n, values, 1e-9);
    }

    [Theory]
    [InlineData(1e200)]
    [InlineData(1e-200)]
    [InlineData(double.Epsilon * 4503599627370496)]
    public void Extreme_scales_lose_nothing(double scale)
    {
        double[] unit = Planted(Spectrum("reciprocal", 200)), scaled = [.. unit.Select(value => value * scale)];
        EigenPairs one = SymmetricEigen.Leading(unit, 200, 5, s_krylov), other = SymmetricEigen.Leading(scaled, 200, 5, s_krylov);
        for (int i = 0; i < 5; i++)
            (other.Values[i] / scale).Should().BeApproximately(one.Values[i], 1e-10);
    }

    [Fact]
    public void A_small_basis_restarts_and_still_converges()
    {
        double[] values = Spectrum("linear", 400), matrix = Planted(values);
        EigenPairs pairs = SymmetricEigen.Leading(matrix, 400, 10, s_krylov with { BasisSize = 64, Tolerance = 1e-8 });
        pairs.Products.Should().BeGreaterThan(64 + 10);
        pairs.Converged.Should().BeTrue();
        ShouldBeLeading(pairs, matrix, 400, values, 1e-7);
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        double[] matrix = Planted(Spectrum("reciprocal", 520));
        double[][] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            EigenPairs pairs = SymmetricEigen.Leading(matrix, 520, 24, s_krylov);
            return (double[])[.. pairs.Values, .. pairs.Vectors, .. pairs.Residuals];
        })];
        foreach (double[] result in results)
            result.Should().Equal(results[0]);
    }

    [Fact]
    public void The_choice_is_told()
    {
        double[] decaying = Planted(Spectrum("square", 400));
        SymmetricEigen.Leading(decaying, 400, 10).Method.Should().Be(EigenMethod.BlockKrylov);
        SymmetricEigen.Leading(decaying, 400, 200).MethodReason.Should().Contain("200 of 400");
        SymmetricEigen.Leading(decaying, 400, 10, new() { Solver = EigenSolver.Direct }).MethodReason.Should().Contain("asked for");
        SymmetricEigen.Leading(Planted(Spectrum("square", 50)), 50, 5).Method.Should().NotBe(EigenMethod.BlockKrylov);

        // Evenly spaced eigenvalues converge too slowly for a basis of half the dimension: the direct solver takes over.
        EigenPairs even = SymmetricEigen.Leading(Planted(Spectrum("linear", 220)), 220, 30);
        even.Method.Should().NotBe(EigenMethod.BlockKrylov);
        even.MethodReason.Should().Contain("not converged");
    }

    [Fact]
    public void A_limit_of_products_is_kept_and_told()
    {
        EigenPairs pairs = SymmetricEigen.Leading(new SymmetricOperator(Planted(Spectrum("linear", 300)), 300), 10, s_krylov with { MaxProducts = 80 });
        pairs.Converged.Should().BeFalse();
        pairs.MethodReason.Should().Contain("limit");
        pairs.Products.Should().BeLessThanOrEqualTo(80 + 10);
        pairs.Residuals.Max().Should().BeGreaterThan(1e-10);
    }

    [Fact]
    public void Operators_matrices_and_spans_agree()
    {
        int n = 240;
        double[] values = Spectrum("exponential", n), matrix = Planted(values);
        EigenPairs span = SymmetricEigen.Leading(matrix, n, 12), direct = SymmetricEigen.Decompose(matrix, n, 12);
        EigenPairs math = SymmetricEigen.Leading(Matrix<double>.Build.Dense(n, n, matrix), 12);
        EigenPairs user = SymmetricEigen.Leading(new DelegateOperator(n, (x, y) => new SymmetricOperator(matrix, n).Apply(x, y)), 12);
        EigenPairs single = SymmetricEigen.Leading(Matrix<float>.Build.Dense(n, n, [.. matrix.Select(value => (float)value)]), 12);
        math.Vectors.Should().Equal(span.Vectors);
        for (int i = 0; i < 12; i++)
        {
            user.Values[i].Should().BeApproximately(direct.Values[i], 1e-13);
            span.Values[i].Should().BeApproximately(direct.Values[i], 1e-13);
            single.Values[i].Should().BeApproximately(direct.Values[i], 1e-6);
            TensorPrimitives.Distance(span.Vector(i), direct.Vector(i)).Should().BeLessThan(1e-8);
        }
    }

    [Fact]
    public void Small_operators_are_solved_directly()
    {
        double[] matrix = Planted([3, 1, 2]);
        SymmetricEigen.Leading(new SymmetricOperator(matrix, 3), 2).Values.Should().SatisfyRespectively(v => v.Should().BeApproximately(3, 1e-14), v => v.Should().BeApproximately(2, 1e-14));
        SymmetricEigen.Leading([], 0, 0).Count.Should().Be(0);
        SymmetricEigen.Leading([5.0], 1, 1).Values.Should().Equal(5);
        SymmetricEigen.Leading(new double[90000], 300, 0).Count.Should().Be(0);
    }

    [Fact]
    public void Wrong_input_is_named()
    {
        double[] matrix = Planted(Spectrum("square", 300)), crooked = [.. matrix], nan = [.. matrix];
        crooked[5] += 1e-3;
        nan[301] = double.NaN;
        FluentActions.Invoking(() => SymmetricEigen.Leading(crooked, 300, 5)).Should().Throw<ArgumentException>().WithParameterName("matrix").WithMessage("*not symmetric*row 0, column 5*");
        FluentActions.Invoking(() => SymmetricEigen.Leading(nan, 300, 5)).Should().Throw<ArgumentException>().WithParameterName("matrix").WithMessage("*row 1, column 1*");
        FluentActions.Invoking(() => SymmetricEigen.Leading(matrix, 299, 5)).Should().Throw<ArgumentException>().WithParameterName("matrix");
        FluentActions.Invoking(() => SymmetricEigen.Leading(matrix, 300, 301)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
        FluentActions.Invoking(() => SymmetricEigen.Leading(matrix, 300, -1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
        FluentActions.Invoking(() => SymmetricEigen.Leading(matrix, 300, 5, new() { Tolerance = 0 })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("Tolerance");
        FluentActions.Invoking(() => SymmetricEigen.Leading(matrix, 300, 5, new() { BasisSize = 0 })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("BasisSize");
        FluentActions.Invoking(() => SymmetricEigen.Leading(new DenseOperator(new double[6], 2, 3), 1)).Should().Throw<ArgumentException>().WithParameterName("symmetric");
        FluentActions.Invoking(() => SymmetricEigen.Leading(new DelegateOperator(300, (x, y) => y.Fill(double.NaN)), 5)).Should().Throw<ArgumentException>().WithParameterName("symmetric");
        using CancellationTokenSource source = new();
        source.Cancel();
        FluentActions.Invoking(() => SymmetricEigen.Leading(matrix, 300, 5, null, null, source.Token)).Should().Throw<OperationCanceledException>();
    }
}
