using SpectralInit.Kernels;

namespace SpectralInit.Tests;

public unsafe class LanczosBasisTests
{
    private const int Block = BlockLanczos.Block;

    // Eigenvalues that converge early, so that later blocks lose their orthogonality to the first ones; products with rounding errors of float.
    [Theory]
    [InlineData(1e-5, 1e-7)]
    [InlineData(1e-10, 1e-16)]
    [InlineData(0, 1e-16)]
    public void The_projected_matrix_is_block_tridiagonal_and_has_the_leading_eigenvalues(double overlapAllowed, double rounding)
    {
        const int N = 400, Steps = 40;
        double[] eigenvalues = [.. Enumerable.Range(0, N).Select(i => i < 3 ? 3.0 - i : 0.5 + (0.4 * (N - i) / N))];
        using LanczosBasis basis = new(N, Steps, overlapAllowed);
        RandomFill.Normal(new Span<double>(basis[0], Block * N), 0, 1, 1);
        basis.Start();
        Random random = new(2);
        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < Block * N; i++)
                basis[step + 1][i] = basis[step][i] * eigenvalues[i % N] * (1 + (rounding * (random.NextDouble() - 0.5)));
            basis.Append(step, out bool exhausted);
            exhausted.Should().BeFalse();
        }

        const int M = Steps * Block;
        double[] t = new double[M * M];
        fixed (double* pointer = t)
            basis.Projected(pointer);
        for (int i = 0; i < M; i++)
        {
            for (int j = 0; j < M; j++)
            {
                t[(i * M) + j].Should().Be(t[(j * M) + i]);
                if (Math.Abs((i / Block) - (j / Block)) > 1)
                    t[(i * M) + j].Should().Be(0);
            }
        }

        double[] ritz = SymmetricEigen.Decompose(t, M).Values;
        for (int i = 0; i < 3; i++)
            ritz[i].Should().BeApproximately(eigenvalues[i], Math.Max(100 * rounding, 1e-13));
        ritz[3].Should().BeLessThan(eigenvalues[3] + 1e-6, "none appears twice");
        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < Block; i++)
            {
                double overlap = 0;
                for (int k = 0; k < N; k++)
                    overlap += basis[0][k] * basis[step][(i * N) + k];
                overlap.Should().BeApproximately(step + i == 0 ? 1 : 0, Math.Max(10 * overlapAllowed, 1e-12));
            }
        }
    }
}
