using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests;

/// <summary>The spectral radius by products alone: what Arnoldi certifies, and where its basis could lose its way.</summary>
public class ArnoldiTests
{
    [Theory]
    [InlineData(3, 14)]
    [InlineData(12, 3)]
    [InlineData(30, 9)]
    [InlineData(60, 11)]
    [InlineData(200, 12)]
    [InlineData(200, 13)]
    public void Arnoldi_agrees_with_the_direct_method(int n, int seed)
    {
        double[] matrix = GaussianMatrices.Draw(seed, n);
        SpectralRadiusResult direct = SpectralRadius.Of(matrix, n, new() { Method = SpectralRadiusMethod.Direct });
        SpectralRadiusResult arnoldi = SpectralRadius.Of(matrix, n, new() { Method = SpectralRadiusMethod.Arnoldi });
        arnoldi.Converged.Should().BeTrue();
        arnoldi.Method.Should().Be(SpectralRadiusMethod.Arnoldi);
        arnoldi.Value.Should().BeApproximately(direct.Value, 1e-8 * direct.Value);
        arnoldi.Residual.Should().BeLessThan(2e-10);
        arnoldi.Dominant.Should().HaveSameCount(direct.Dominant);
        Complex.Abs(arnoldi.Dominant[0] - direct.Dominant[0]).Should().BeLessThan(1e-8 * direct.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Arnoldi_takes_blocks_that_are_nearly_dependent(bool dominated)
    {
        // One entry dwarfs the rest, so that four vectors have nearly one image; or three eigenvalues make twelve of them span an invariant space. What is left of
        // the others within the block is small against what rounding left along all before it.
        const int n = 250;
        double[] matrix = GaussianMatrices.Draw(31, n);
        double expected = 5;
        if (dominated)
        {
            matrix[(3 * n) + 9] = 1e12;
            expected = SpectralRadius.Of(matrix, n, new() { Method = SpectralRadiusMethod.Direct }).Value;
        }
        else
        {
            // H·D·H with a reflection.
            MathNet.Numerics.LinearAlgebra.Vector<double> v = CreateVector.Dense(matrix[..n]).Normalize(2);
            Matrix<double> reflection = Matrix<double>.Build.DenseIdentity(n) - (2 * v.OuterProduct(v));
            matrix = (reflection * Matrix<double>.Build.Diagonal(n, n, i => i < 3 ? 5 : i < 8 ? 4.9 : 1) * reflection).ToRowMajorArray();
        }

        List<double> errors = [];
        for (ulong seed = 0; seed < (dominated ? 9u : 2u); seed++)
        {
            SpectralRadiusResult arnoldi = SpectralRadius.Of(matrix, n, new() { Method = SpectralRadiusMethod.Arnoldi, Seed = seed });
            arnoldi.Converged.Should().BeTrue();
            errors.Add(Math.Abs(arnoldi.Value - expected) / expected);
            arnoldi.Iterations.Should().BeLessThan(2000);
        }

        // Where the norm is a million radii, so about is the eigenvalue's condition: rounding may move it by 1e-4, and does by up to 9e-7 over seeds and instruction sets.
        errors.Max().Should().BeLessThanOrEqualTo(dominated ? 2e-6 : 1e-7);
        errors.Order().ElementAt(errors.Count / 2).Should().BeLessThanOrEqualTo(1e-7);
    }

    [Fact]
    public void Arnoldi_finds_the_radius_on_a_crowded_edge()
    {
        // Eigenvalues r·e^±it fill the unit disc evenly. One start alone certifies one inside the radius for two of these seeds.
        const int n = 1000;
        List<(int, int, double)> entries = [];
        Random random = new(2);
        double radius = 0;
        for (int i = 0; i < n; i += 2)
        {
            double r = Math.Sqrt(random.NextDouble()), t = Math.PI * random.NextDouble();
            radius = Math.Max(radius, r);
            entries.AddRange([(i, i, r * Math.Cos(t)), (i + 1, i + 1, r * Math.Cos(t)), (i, i + 1, r * Math.Sin(t)), (i + 1, i, -r * Math.Sin(t))]);
        }

        SparseMatrix matrix = SparseMatrix.FromEntries(n, n, entries);
        for (ulong seed = 0; seed < 8; seed++)
        {
            SpectralRadiusResult arnoldi = SpectralRadius.Of(matrix, new() { Method = SpectralRadiusMethod.Arnoldi, Seed = seed });
            arnoldi.Converged.Should().BeTrue();
            arnoldi.Value.Should().BeApproximately(radius, 1e-8);
        }
    }

    [Fact]
    public void Arnoldi_finds_the_radius_of_sparse_random_matrices()
    {
        // All eigenvalues by LAPACK: Golden/norms/sparse_radius.py.
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "norms", "sparse_radius.txt")))
        {
            string[] fields = line.Split(' ');
            int n = int.Parse(fields[0]);
            ulong seed = ulong.Parse(fields[1]);
            SparseMatrix matrix = SparseMatrix.FromEntries(n, n, Enumerable.Range(0, 10 * n).Select(i =>
            {
                ulong place = GaussianMatrices.Mix((ulong)i + (seed << 32));
                return (i / 10, (int)(place % (ulong)n), ((GaussianMatrices.Mix(place) >> 11) * Math.ScaleB(1, -52)) - 1);
            }));
            SpectralRadiusResult result = SpectralRadius.Of(matrix);
            result.Converged.Should().BeTrue();
            result.Residual.Should().BeLessThan(1e-10);
            double expected = double.Parse(fields[2]), second = double.Parse(fields[3]);
            result.Value.Should().BeApproximately(expected, Math.Min(1e-8, (expected - second) / 10), "n = {0}, seed {1}: the next is at {2}", n, seed, second);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Arnoldi_finds_the_radius_of_a_large_matrix_far_from_normal(int seed)
    {
        // Eigenvalues r·e^±it over the unit disc on the diagonal, entries above it, rows and columns permuted.
        const int n = 4000;
        Random random = new(seed);
        int[] order = [.. Enumerable.Range(0, n)];
        random.Shuffle(order);
        List<(int, int, double)> entries = [];
        double radius = 0;
        for (int i = 0; i < n; i += 2)
        {
            double r = Math.Sqrt(random.NextDouble()), t = Math.PI * random.NextDouble(), c = r * Math.Cos(t), s = r * Math.Sin(t);
            radius = Math.Max(radius, r);
            entries.AddRange([(order[i], order[i], c), (order[i + 1], order[i + 1], c), (order[i], order[i + 1], s), (order[i + 1], order[i], -s)]);
            for (int e = 0; e < 6 && i + 2 < n; e++)
                entries.Add((order[i + (e % 2)], order[random.Next(i + 2, n)], 0.2 * ((2 * random.NextDouble()) - 1)));
        }

        SpectralRadiusResult result = SpectralRadius.Of(SparseMatrix.FromEntries(n, n, entries));
        result.Converged.Should().BeTrue();
        result.Value.Should().BeApproximately(radius, 1e-7);
    }

    [Fact]
    public void Arnoldi_finds_all_of_a_cycle_and_both_ends_of_a_line()
    {
        // A cycle of seventeen: its powers of seventeen are all one.
        SparseMatrix cycle = SparseMatrix.FromEntries(17, 17, Enumerable.Range(0, 17).Select(i => (i, (i + 1) % 17, 2.0)));
        SpectralRadiusResult roots = SpectralRadius.Of(cycle, new() { Method = SpectralRadiusMethod.Arnoldi });
        roots.Value.Should().BeApproximately(2, 1e-10);
        roots.Dominant.Should().HaveCount(17);

        // A path of 600, both ends of whose spectrum are crowded: 2·cos(π/601), and its negative.
        SparseMatrix path = SparseMatrix.FromEntries(600, 600, Enumerable.Range(0, 599).SelectMany(i => new[] { (i, i + 1, 1.0), (i + 1, i, 1.0) }));
        SpectralRadiusResult ends = SpectralRadius.Of(path);
        ends.Converged.Should().BeTrue();
        ends.Value.Should().BeApproximately(2 * Math.Cos(Math.PI / 601), 1e-9);
        ends.Dominant.Should().HaveCount(2);
    }

    [Fact]
    public void What_arnoldi_does_not_settle_is_solved_directly_however_the_matrix_is_stored()
    {
        const int n = 40;
        double[] matrix = GaussianMatrices.Draw(17, n);
        SpectralRadiusResult direct = SpectralRadius.Of(matrix, n);
        SpectralRadiusOptions few = new() { DirectLimit = 0, MaxProducts = 1, BasisSize = 8 };
        DelegateOperator products = new(n, (x, y) => new DenseOperator(matrix, n, n).Apply(x, y));
        foreach (SpectralRadiusResult result in new[] { SpectralRadius.Of(matrix, n, few), SpectralRadius.Of(products, few) })
        {
            result.Method.Should().Be(SpectralRadiusMethod.Direct);
            result.Converged.Should().BeTrue();
            result.Value.Should().Be(direct.Value);
            result.Eigenvalues.Should().Equal(direct.Eigenvalues);
        }

        // Not where Arnoldi itself was asked for, nor where the operator is too large to be written out.
        foreach (SpectralRadiusResult result in new[] { SpectralRadius.Of(products, few with { Method = SpectralRadiusMethod.Arnoldi }), SpectralRadius.Of(Large(2049), few) })
            (result.Method, result.Converged).Should().Be((SpectralRadiusMethod.Arnoldi, false));

        static SparseMatrix Large(int n) => SparseMatrix.FromEntries(n, n, Enumerable.Range(0, n).Select(i => (i, i, 1 - (i / 4096.0))));
    }

    [Fact]
    public void Arnoldi_is_total()
    {
        SpectralRadiusOptions arnoldi = new() { Method = SpectralRadiusMethod.Arnoldi };
        SpectralRadius.Of(new double[2500], 50, arnoldi).Value.Should().Be(0);
        SpectralRadius.Of([7.0], 1, arnoldi).Value.Should().Be(7);
        SpectralRadius.Of(Array.Empty<double>(), 0, arnoldi).Value.Should().Be(0);
        double[] identity = Matrix<double>.Build.DenseIdentity(90).ToRowMajorArray();
        SpectralRadius.Of(identity, 90, arnoldi).Value.Should().BeApproximately(1, 1e-14);

        // ±1 and a gap: both members of the circle come out.
        identity[0] = -2;
        identity[91] = 2;
        SpectralRadiusResult pair = SpectralRadius.Of(identity, 90, arnoldi);
        pair.Value.Should().BeApproximately(2, 1e-9);
        pair.Dominant.Should().HaveCount(2);

        // A large nilpotent shift never gives a silent wrong radius.
        double[] shift = SpectralRadiusTests.Jordan(90, 0);
        SpectralRadiusResult nilpotent = SpectralRadius.Of(shift, 90, arnoldi with { MaxProducts = 2000 });
        (nilpotent.MayBeZero || !nilpotent.Converged || nilpotent.Value < 1e-3).Should().BeTrue();
        SpectralRadius.Of(shift, 90).Value.Should().Be(0);
    }

    [Fact]
    public void The_same_bits_on_any_number_of_threads()
    {
        double[] matrix = GaussianMatrices.Draw(21, 250);
        SpectralRadiusResult[] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            return SpectralRadius.Of(matrix, 250, new() { Method = SpectralRadiusMethod.Arnoldi });
        })];
        results.Should().AllSatisfy(result => result.Value.Should().Be(results[0].Value));
    }
}
