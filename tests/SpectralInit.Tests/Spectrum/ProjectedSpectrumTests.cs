using SpectralInit.Kernels;

namespace SpectralInit.Tests;

public sealed unsafe class ProjectedSpectrumTests
{
    private const int Block = 4;

    [Fact]
    public void Blocks_are_as_wide_as_the_band_that_is_reduced_and_half_a_carried_row()
    {
        BlockLanczos.Block.Should().Be(BandReduction.Bandwidth);
        (2 * BlockLanczos.Block).Should().Be(Lane.Alignment);
    }

    public static TheoryData<string, int> Matrices()
    {
        TheoryData<string, int> data = [];
        foreach (int m in new[] { 4, 5, 8, 9, 12, 31, 32, 33, 36, 40, 65, 148, 200 })
        {
            foreach (string kind in new[] { "random", "flat", "graded", "diagonal", "torn", "zero", "identity", "glued", "huge", "tiny" })
                data.Add(kind, m);
        }

        return data;
    }

    // Σ_j p(θ_j)·first_j·last_jᵀ is the corner of p(T), whatever bases multiple values have.
    [Theory]
    [MemberData(nameof(Matrices))]
    public void Values_and_ends_give_the_corners_of_powers_of_T(string kind, int m)
    {
        double[] t = Banded(kind, m, out double scale);
        ProjectedSpectrum spectrum = Of(t, m);

        spectrum.Values.Should().BeInDescendingOrder().And.HaveCount(m);
        double[] expected = SymmetricEigen.Values(t, m);
        for (int j = 0; j < m; j++)
            (spectrum.Values[j] / scale).Should().BeApproximately(expected[j] / scale, 1e-14 * m);

        double[] power = new double[m * m], next = new double[m * m];
        for (int i = 0; i < m; i++)
            power[i * (m + 1)] = 1;
        for (int degree = 0; degree <= 3; degree++)
        {
            Compare(spectrum.First, 0, spectrum.First, 0);
            Compare(spectrum.First, 0, spectrum.Last, m - Block);
            Compare(spectrum.Last, m - Block, spectrum.Last, m - Block);
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < m; j++)
                {
                    next[(i * m) + j] = 0;
                    for (int k = 0; k < m; k++)
                        next[(i * m) + j] += power[(i * m) + k] * (t[(k * m) + j] / scale);
                }
            }

            (power, next) = (next, power);

            void Compare(double[] left, int row, double[] right, int column)
            {
                for (int a = 0; a < Block; a++)
                {
                    for (int b = 0; b < Block; b++)
                    {
                        double sum = 0;
                        for (int j = 0; j < m; j++)
                            sum += Math.Pow(spectrum.Values[j] / scale, degree) * left[(j * Block) + a] * right[(j * Block) + b];
                        sum.Should().BeApproximately(power[((row + a) * m) + column + b], 2e-14 * m);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Leading_vectors_are_orthonormal_eigenvectors(string kind, int m)
    {
        double[] t = Banded(kind, m, out double scale), values, vectors;
        fixed (double* pointer = t)
        {
            ProjectedSpectrum spectrum = new(pointer, m);
            (values, vectors) = (spectrum.Values, spectrum.Vectors(Block));
        }

        for (int i = 0; i < Block; i++)
        {
            for (int j = 0; j < Block; j++)
            {
                double dot = 0;
                for (int k = 0; k < m; k++)
                    dot += vectors[(i * m) + k] * vectors[(j * m) + k];
                dot.Should().BeApproximately(i == j ? 1 : 0, 1e-13, $"of {i} and {j}");
            }

            double square = 0;
            for (int k = 0; k < m; k++)
            {
                double residual = -values[i] / scale * vectors[(i * m) + k];
                for (int l = 0; l < m; l++)
                    residual += t[(k * m) + l] / scale * vectors[(i * m) + l];
                square += residual * residual;
            }

            Math.Sqrt(square).Should().BeLessThan(1e-12);
        }
    }

    private static ProjectedSpectrum Of(double[] t, int m)
    {
        fixed (double* pointer = t)
            return new ProjectedSpectrum(pointer, m);
    }

    private static double[] Banded(string kind, int m, out double scale)
    {
        Random random = new(m);
        scale = kind switch { "huge" => 1e200, "tiny" => 1e-200, _ => 1 };
        double[] t = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            for (int j = Math.Max(0, i - Block); j <= i; j++)
            {
                double uniform = (2 * random.NextDouble()) - 1;
                t[(i * m) + j] = t[(j * m) + i] = scale * kind switch
                {
                    "flat" => i == j ? 1 + (0.001 * uniform) : i - j == Block ? 0.6 : 0.01 * uniform,
                    "graded" => uniform * Math.Pow(0.8, i + j),
                    "diagonal" => i == j ? uniform : 0,
                    "torn" => (i / Block) % 3 == 0 && i != j ? 0 : uniform,
                    "zero" => 0,
                    "identity" => i == j ? 1 : 0,

                    // Equal pieces, all but apart: every value many times over.
                    "glued" => i / Block == j / Block ? ((i % Block) == (j % Block) ? 1 : 0.5) / 2 : 1e-13 * uniform,
                    _ => uniform / 4,
                };
            }
        }

        return t;
    }
}
