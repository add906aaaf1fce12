using System.Globalization;
using System.Text;
using SpectralInit.Benchmarks.Native;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>What a symmetric matrix costs by how much of its spectrum is wanted: values alone, the leading tenth, all; LAPACK's values beside them, run by run.</summary>
internal static unsafe class EigenvaluesCommand
{
    private const int Repeats = 7;

    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(100);

    public static int Run(string[] args)
    {
        if (!SaveFolder.TryRead(args, out string? folder))
            return 2;
        StringBuilder report = new();
        report.Append(CultureInfo.InvariantCulture, $"""
            # Eigenvalues alone

            Milliseconds, medians of {Repeats} interleaved runs, all processors; a Wishart matrix. The leading tenth by the direct solver. LAPACK: dsyevd for values alone (scipy.linalg.eigvalsh), in this process.

            {Machine.Describe()}. OpenBLAS core: {OpenBlas.CoreName}.

            | n | `Values` | leading tenth | all pairs | dsyevd, values | dsyevd ÷ `Values` |
            |---:|---:|---:|---:|---:|---:|

            """);
        foreach (int n in (int[])[32, 64, 128, 256, 512, 784, 1024, 2048])
        {
            double[] milliseconds = Race(n);
            report.Append(CultureInfo.InvariantCulture, $"| {n} |");
            foreach (double time in milliseconds)
                report.Append(CultureInfo.InvariantCulture, $" {time:F3} |");
            report.Append(CultureInfo.InvariantCulture, $" {(milliseconds.Length > 3 ? milliseconds[3] / milliseconds[0] : double.NaN):F2} |\n");
        }

        Console.Write(report);
        if (folder is not null)
            File.WriteAllText(Path.Combine(folder, "eigenvalues.md"), report.ToString());
        return 0;
    }

    private static double[] Race(int n)
    {
        double[] a = Problems.Wishart(n), copy = new double[n * n], values = new double[n];
        List<Subject> subjects =
        [
            Subject.Of("values", () => SymmetricEigen.Values(a, n)),
            Subject.Of("tenth", () => SymmetricEigen.Decompose(a, n, n / 10)),
            Subject.Of("all", () => SymmetricEigen.Decompose(a, n)),
        ];
        if (OpenBlas.IsAvailable)
        {
            subjects.Add(Subject.Of("dsyevd", () =>
            {
                a.CopyTo(copy, 0);
                fixed (double* pa = copy, pv = values)
                    OpenBlas.Eigen(n, pa, pv, withVectors: false);
            }));
        }

        subjects.ForEach(subject => subject.WarmUp());
        List<double>[] times = [.. subjects.Select(_ => new List<double>())];
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            for (int s = 0; s < subjects.Count; s++)
            {
                // OpenBLAS's threads spin for a while after a call.
                Thread.Sleep(s_settle);
                times[s].Add(subjects[s].Measure());
            }
        }

        return [.. times.Select(list => 1e3 * list.Order().ElementAt(Repeats / 2))];
    }
}
