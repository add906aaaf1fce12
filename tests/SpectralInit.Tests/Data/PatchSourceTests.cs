namespace SpectralInit.Tests.Data;

public class PatchSourceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Patches_are_the_windows_of_the_image_in_filter_order(bool channelsLast)
    {
        const int Images = 3, Height = 5, Width = 6, Channels = 2, PatchHeight = 2, PatchWidth = 3, Stride = 2;
        float[] pixels = [.. Enumerable.Range(0, Images * Height * Width * Channels).Select(i => (float)i)];
        PatchSource patches = new(RowSource.From(pixels, Height * Width * Channels), new()
        {
            Height = Height,
            Width = Width,
            Channels = Channels,
            PatchHeight = PatchHeight,
            PatchWidth = PatchWidth,
            Stride = Stride,
            ChannelsLast = channelsLast,
        });
        (patches.Down, patches.Across, patches.Columns, patches.RowCount).Should().Be((2, 2, 12, 12));

        List<double> expected = [];
        for (int image = 0; image < Images; image++)
        {
            for (int top = 0; top + PatchHeight <= Height; top += Stride)
            {
                for (int left = 0; left + PatchWidth <= Width; left += Stride)
                {
                    for (int c = 0; c < Channels; c++)
                    {
                        for (int y = top; y < top + PatchHeight; y++)
                        {
                            for (int x = left; x < left + PatchWidth; x++)
                            {
                                int inside = channelsLast ? (((y * Width) + x) * Channels) + c : (((c * Height) + y) * Width) + x;
                                expected.Add((image * Height * Width * Channels) + inside);
                            }
                        }
                    }
                }
            }
        }

        foreach (int block in (int[])[1, 5, 12, 20])
        {
            RowSourceTests.ReadAll<double>(patches, block).Should().Equal(expected);
            RowSourceTests.ReadAll<float>(patches, block).Should().Equal(expected.Select(value => (float)value));
        }
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        IRowSource images = RowSource.From(new float[2 * 12], 12);
        Refused(new() { Height = 3, Width = 3, PatchHeight = 2, PatchWidth = 2 }, "options", "*3×3×1*12 values*");
        Refused(new() { Height = 3, Width = 4, PatchHeight = 4, PatchWidth = 2 }, "PatchHeight", "*exceeds*");
        Refused(new() { Height = 3, Width = 4, PatchHeight = 0, PatchWidth = 2 }, "PatchHeight", "*");
        Refused(new() { Height = 3, Width = 4, PatchHeight = 2, PatchWidth = 2, Stride = 0 }, "Stride", "*");

        void Refused(PatchOptions options, string parameter, string message) =>
            new Action(() => _ = new PatchSource(images, options)).Should().Throw<ArgumentException>().WithMessage(message).Which.ParamName.Should().Be(parameter);
    }

    [Fact]
    public void One_pass_keeps_to_one_precision()
    {
        PatchSource patches = new(RowSource.From(new float[24], 12), new() { Height = 3, Width = 4, PatchHeight = 2, PatchWidth = 2 });
        using IRowReader reader = patches.Open();
        reader.Read(new float[4]).Should().Be(1);
        reader.Invoking(rows => rows.Read(new double[4])).Should().Throw<InvalidOperationException>();
    }
}
