using System.Numerics;

namespace SpectralInit.Tests;

public class ComplexSchurTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(41)]
    public void It_is_a_schur_form_sorted_by_modulus(int n)
    {
        double[] values = GaussianMatrices.Draw(700 + n, n);
        double[,] matrix = new double[n, n];
        Buffer.BlockCopy(values, 0, matrix, 0, 8 * n * n);
        ComplexSchur schur = new(values, n, n);
        schur.SortByModulus(n);
        double largest = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                // (B·Z − Z·T)[i, j] and (ZᴴZ − I)[i, j].
                Complex rest = 0, gram = i == j ? -1 : 0;
                for (int k = 0; k < n; k++)
                {
                    rest += matrix[i, k] * schur.Vector(k, j);
                    gram += Complex.Conjugate(schur.Vector(k, i)) * schur.Vector(k, j);
                    if (k <= j)
                        rest -= schur.Vector(i, k) * schur.Triangle(k, j);
                }

                largest = Math.Max(largest, Math.Max(Complex.Abs(rest), Complex.Abs(gram)));
            }
        }

        largest.Should().BeLessThan(1e-13 * n);
        IEnumerable<double> moduli = Enumerable.Range(0, n).Select(i => Math.Round(Complex.Abs(schur.Value(i)), 10));
        moduli.Should().BeInDescendingOrder();
        moduli.First().Should().BeApproximately(SpectralRadius.Of(values, n).Value, 1e-9);
    }
}
