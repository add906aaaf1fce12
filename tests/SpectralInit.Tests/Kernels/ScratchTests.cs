using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

public class ScratchTests
{
    [Fact]
    public unsafe void Blocks_are_aligned_apart_and_reusable()
    {
        for (int round = 0; round < 3; round++)
        {
            List<Scratch<double>> blocks = [];
            for (int count = 0; count < 3000; count += 37)
            {
                Scratch<double> block = Scratch.Rent<double>(count);
                ((nuint)block.Pointer % 64).Should().Be((nuint)0);
                block.Length.Should().Be(count);
                block.Span.Fill(count);
                blocks.Add(block);
            }

            foreach (Scratch<double> block in blocks)
            {
                block.Span.IndexOfAnyExcept((double)block.Length).Should().Be(-1);
                block.Dispose();
                block.Dispose();
            }
        }
    }

    [Fact]
    public void Cleared_blocks_are_zero_after_dirty_ones()
    {
        using (Scratch<float> dirty = Scratch.Rent<float>(5000))
            dirty.Span.Fill(float.NaN);
        using Scratch<float> clean = Scratch.RentCleared<float>(5000);
        clean.Span.IndexOfAnyExcept(0f).Should().Be(-1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(5120)]
    [InlineData(8193)]
    [InlineData(1_000_000)]
    [InlineData(33_700_000)]
    [InlineData(134_217_728)]
    [InlineData(134_217_729)]
    public void Blocks_hold_what_was_asked_for_and_less_than_twice_as_much(long bytes)
    {
        ulong[] block = Scratch.Take(bytes);
        (8L * block.Length).Should().BeGreaterThanOrEqualTo(bytes).And.BeLessThanOrEqualTo(Math.Max(8192, 2 * bytes));
        Scratch.Return(block);
    }

    [Fact]
    public void A_negative_count_is_refused()
    {
        Action rent = () => Scratch.Rent<int>(-1);
        rent.Should().Throw<ArgumentOutOfRangeException>();
    }
}
