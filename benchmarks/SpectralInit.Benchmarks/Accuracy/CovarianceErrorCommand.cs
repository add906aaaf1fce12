using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using SpectralInit.Benchmarks.Peers;
using SpectralInit.Kernels;

namespace SpectralInit.Benchmarks.Accuracy;

/// <summary>
/// The error of covariances where centring is hard: ours, numpy.cov and the textbook formula (X'X − n·mean·mean')/(n−1), against two passes in
/// twice double precision on the same rows.
/// </summary>
internal static class CovarianceErrorCommand
{
    private const int Rows = 1_000_000, Columns = 6, OutlierRows = 256;

    private static readonly (string Name, Func<int, double> Offset)[] s_cases =
    [
        ("mean 0", _ => 0),
        ("mean 1e2", _ => 1e2),
        ("mean 1e4", _ => 1e4),
        ("drift from 0 to 1e4", row => 1e4 * row / Rows),
        ("256 outlier rows first, at 1e4", row => row < OutlierRows ? 1e4 : 0),
    ];

    public static int Run(string[] args)
    {
        if (!SaveFolder.TryRead(args, out string? folder))
            return 2;
        StringBuilder report = new();
        report.Append(CultureInfo.InvariantCulture, $"""
            # Error of covariances

            {Rows} × {Columns} standard normal rows plus an offset, rounded to the type; the largest |c_ij − exact| / √(c_ii·c_jj), where exact is computed from the same
            rounded rows in twice double precision. numpy.cov computes in double whatever the rows are; X.T@X is (X'X − n·mean·mean')/(n−1) in the type of the rows.

            {Machine.Describe()}.

            | rows | type | SpectralInit | numpy.cov | X.T@X |
            |---|---|---:|---:|---:|

            """);
        foreach ((string name, Func<int, double> offset) in s_cases)
        {
            Measure<float>(report, name, "float", offset);
            Measure<double>(report, name, "double", offset);
        }

        Console.Write(report);
        if (folder is not null)
            File.WriteAllText(Path.Combine(folder, "covariance-error.md"), report.ToString());
        return 0;
    }

    private static void Measure<T>(StringBuilder report, string name, string type, Func<int, double> offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] draws = new double[Rows * Columns];
        RandomFill.Normal<double>(draws, 0, 1, seed: 1);
        T[] rows = new T[draws.Length];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = T.CreateTruncating(draws[i] + offset(i / Columns));

        double[] exact = DoubledCovariance.Of(rows, Columns);
        string[] peers = ["–", "–"];
        string file = Path.GetTempFileName();
        try
        {
            NpyFile.Write(file, rows, Rows, Columns);
            if (PythonPeers.RunScript("covariance.py", file) is { } output)
                peers = [.. JsonSerializer.Deserialize<double[][]>(output)!.Select(covariance => Format(Error(covariance, exact)))];
        }
        finally
        {
            File.Delete(file);
        }

        double ours = Error(Covariance.Of(RowSource.From(rows, Columns)).Values, exact);
        report.Append(CultureInfo.InvariantCulture, $"| {name} | {type} | {Format(ours)} | {string.Join(" | ", peers)} |\n");
    }

    private static string Format(double error) => error.ToString("0.0E+0", CultureInfo.InvariantCulture);

    private static double Error(ReadOnlySpan<double> covariance, double[] exact)
    {
        double worst = 0;
        for (int i = 0; i < Columns; i++)
        {
            for (int j = 0; j < Columns; j++)
                worst = Math.Max(worst, Math.Abs(covariance[(i * Columns) + j] - exact[(i * Columns) + j]) / Math.Sqrt(exact[i * (Columns + 1)] * exact[j * (Columns + 1)]));
        }

        return worst;
    }
}
