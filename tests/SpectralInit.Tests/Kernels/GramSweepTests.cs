using SpectralInit.Kernels;

namespace SpectralInit.Tests;

public class GramSweepTests
{
    public static TheoryData<int, int, bool, int> Sweeps()
    {
        TheoryData<int, int, bool, int> data = [];
        foreach (int rows in new[] { 1, 5, 24, 100, 4096 })
        {
            foreach (int perBlock in new[] { 1, 7, 24 })
            {
                foreach (int threads in new[] { 1, 2, 3, 8, 50 })
                {
                    data.Add(rows, perBlock, false, threads);
                    data.Add(rows, perBlock, true, threads);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sweeps))]
    public void Threads_share_all_rows_once_and_in_the_order_of_the_sweep(int rows, int perBlock, bool backward, int threads)
    {
        nint perSlab = (rows + 7) / 8;
        GramSweep sweep = new(rows, perSlab, perBlock, backward, threads);
        sweep.Slabs.Should().Be((int)((rows + perSlab - 1) / perSlab));
        sweep.Threads.Should().Be(Math.Min(threads, sweep.Slabs));

        int[] taken = new int[rows];
        Random random = new(rows);
        GramSweep.Block[] blocks = new GramSweep.Block[sweep.Threads];
        for (int thread = 0; thread < blocks.Length; thread++)
            blocks[thread] = sweep.First();
        List<int> slabs = [.. blocks.Select(block => block.Slab)];
        slabs.Should().OnlyHaveUniqueItems();
        while (blocks.Any(block => block.Height > 0))
        {
            int thread = random.Next(blocks.Length);
            GramSweep.Block block = blocks[thread];
            if (block.Height == 0)
                continue;
            block.Height.Should().BeLessThanOrEqualTo(perBlock);
            (block.Row / perSlab).Should().Be(block.Slab);
            ((block.Row + block.Height - 1) / perSlab).Should().Be(block.Slab);
            for (nint row = block.Row; row < block.Row + block.Height; row++)
                taken[row]++;
            GramSweep.Block following = blocks[thread] = sweep.After(block);
            if (following.Height > 0 && following.Slab == block.Slab)
                following.Row.Should().Be(backward ? block.Row - perBlock : block.Row + perBlock);
            else if (following.Height > 0)
                slabs.Add(following.Slab);
        }

        taken.Should().OnlyContain(times => times == 1);
        slabs.Should().OnlyHaveUniqueItems().And.HaveCount(sweep.Slabs);
    }
}
