using System.Text.Json;

namespace SpectralInit.Tests.Weights;

/// <summary>Whitening matrices against scikit-learn, SciPy and NumPy (Golden/whitening/whitening.py).</summary>
public class WhiteningGoldenTests
{
    private static readonly JsonElement[] s_cases = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "whitening", "whitening.json"))).RootElement.EnumerateArray()];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_cases.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Zero_phase_is_the_inverse_square_root_and_Cholesky_the_inverse_factor(int index)
    {
        JsonElement golden = s_cases[index];
        IRowSource rows = RowSource.From(golden.Numbers("rows"), golden.Whole("columns"));
        foreach ((WhiteningKind kind, string name) in new[] { (WhiteningKind.ZeroPhase, "zca"), (WhiteningKind.Cholesky, "cholesky") })
        {
            // Zero-phase whitening keeps the rank of the data; SciPy's inverse root has the regularization there too, on directions no row has.
            if (kind == WhiteningKind.ZeroPhase && rows.RowCount <= rows.Columns)
            {
                OnTheRows(golden, rows);
                continue;
            }

            double[] expected = golden.Numbers(name), actual = Whitening.Fit(rows, new() { Kind = kind, Regularization = golden.Number("regularization") }).Matrix;
            double largest = expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                actual[i].Should().BeApproximately(expected[i], 1e-9 * largest, $"{golden.GetProperty("name")}, {name}, {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Principal_components_are_those_of_scikit_learn(int index)
    {
        JsonElement golden = s_cases[index];
        if (!golden.TryGetProperty("pca", out _))
        {
            golden.Number("regularization").Should().BePositive("scikit-learn does not regularize");
            return;
        }

        int d = golden.Whole("columns");
        double[] expected = golden.Numbers("pca"), values = golden.Numbers("rows"), transformed = golden.Numbers("transformed");
        Whitening whitening = Whitening.Fit(RowSource.From(values, d));
        double[] white = new double[values.Length];
        whitening.Transform(values, white);
        for (int i = 0; i < d; i++)
        {
            int sign = Math.Sign(Enumerable.Range(0, d).Sum(j => whitening.Matrix[(i * d) + j] * expected[(i * d) + j]));
            double length = Math.Sqrt(Enumerable.Range(0, d).Sum(j => expected[(i * d) + j] * expected[(i * d) + j]));
            for (int j = 0; j < d; j++)
                whitening.Matrix[(i * d) + j].Should().BeApproximately(sign * expected[(i * d) + j], 1e-9 * length);
            for (int row = 0; row < values.Length / d; row++)
                white[(row * d) + i].Should().BeApproximately(sign * transformed[(row * d) + i], 1e-9);
        }
    }

    private static void OnTheRows(JsonElement golden, IRowSource rows)
    {
        int d = rows.Columns, n = (int)rows.RowCount!.Value;
        double[] values = golden.Numbers("rows"), expected = golden.Numbers("zca"), white = new double[values.Length];
        Whitening whitening = Whitening.Fit(rows, new() { Kind = WhiteningKind.ZeroPhase, Regularization = golden.Number("regularization") });
        whitening.Rank.Should().Be(n - 1);
        whitening.Transform(values, white);
        for (int row = 0; row < n; row++)
        {
            for (int i = 0; i < d; i++)
            {
                double sum = 0;
                for (int j = 0; j < d; j++)
                    sum += expected[(i * d) + j] * (values[(row * d) + j] - whitening.Mean[j]);
                white[(row * d) + i].Should().BeApproximately(sum, 1e-9);
            }
        }
    }
}
