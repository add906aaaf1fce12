using SpectralInit.Tests;


namespace SpectralInit.Evidence.Tests;

public class CommandLineTests
{
    [Theory]
    [InlineData("--bogus 1", "*Unknown option --bogus*")]
    [InlineData("train 5", "*'train' is not an option*")]
    [InlineData("--train", "*--train needs a value*")]
    [InlineData("--train 5 --train 6", "*given twice*")]
    [InlineData("--train 3", "*--train takes whole numbers of at least 5*")]
    [InlineData("--train 99999", "*3000 rows, 1000 of them*")]
    [InlineData("--activation gelu", "*one of relu, tanh*")]
    [InlineData("--activation 1", "*one of relu, tanh*")]
    [InlineData("--initializers he,magic", "*no initializer 'magic'*Known: he*")]
    [InlineData("--learning-rates 0.1,-1", "*positive numbers, not '-1'*")]
    [InlineData("--images a", "*belong together*")]
    [InlineData("--label-column last", "*--csv*")]
    [InlineData("--made moons", "*no made data set 'moons'*")]
    [InlineData("--csv a --rows 50", "*--rows are those of a --made set*")]
    [InlineData("--made waves --rows 5", "*--rows takes whole numbers from 30*")]
    [InlineData("--batch 1000", "*from 1 to 128*")]
    [InlineData("--convolutions 4", "*not a square image*")]
    [InlineData("--sweep height", "*no sweep 'height'*depth, width, noise*")]
    [InlineData("--values 1,2", "*--sweep*")]
    [InlineData("--sweep depth --values 2.5", "*whole numbers*")]
    [InlineData("--sweep noise --made waves", "*makes its own data*")]
    [InlineData("--words made --initializers pca", "*no embedding initializer 'pca'*random@*")]
    [InlineData("--words made --initializers ppmi@1", "*no embedding initializer*")]
    [InlineData("--words made --made waves", "*by themselves*")]
    [InlineData("--passages made --words made", "*by themselves*")]
    [InlineData("--sequences made --sweep depth", "*by themselves*")]
    [InlineData("--sequences made --hidden 8,8", "*one number*")]
    [InlineData("--sequences made --initializers modes@-1", "*no trained recurrence 'modes@-1'*")]
    [InlineData("--sequences made --initializers modes", "*no trained recurrence*")]
    [InlineData("--passages made --initializers uniform@0", "*no embedding initializer*")]
    [InlineData("--made waves --criterion perplexity", "*one of score, loss*")]
    [InlineData("--dimension 8", "*--words*")]
    [InlineData("--series made --initializers pca", "*no recurrence 'pca'*Known: reservoir*")]
    [InlineData("--units 8", "*--series*")]
    [InlineData("--initializers pca --against agop", "*--against agop*")]
    public void A_wrong_argument_is_named(string arguments, string message) =>
        FluentActions.Invoking(() => CommandLine.Parse(arguments.Split(' '))).Should().Throw<ArgumentException>().WithMessage(message);

    [Fact]
    public void Every_option_of_the_help_is_read()
    {
        CommandLine line = CommandLine.Parse(
            "--made clusters --standardize none --hidden 12,6 --activation tanh --optimizer adam --epochs 3 --batch 8 --train 50,all --initializers pca --learning-rates 0.1,0.2 --seeds 4 --json a.json --save out".Split(' '));
        line.DataSets.Should().ContainSingle(set => set.Name == "clusters");
        line.TrainRows.Should().Equal(50, null);
        line.Options.Should().BeEquivalentTo(new { Hidden = new[] { 12, 6 }, Activation = Activation.Tanh, Plan = new TrainingPlan(3, OptimizerKind.Adam, 8), Standardization = Standardization.None, Seeds = 4, LearningRates = new[] { 0.1, 0.2 } });
        line.Options.Candidates.Select(candidate => candidate.Name).Should().Equal("he", "pca");
        (line.JsonFile, line.SaveFolder).Should().Be(("a.json", "out"));
    }

    [Fact]
    public void Tables_are_read_past_their_headers_with_labels_in_any_column()
    {
        DataSet last = Table("3,2,red,blue\n1,2,red\n3,4,blue\n5,6,red\n", -1, false);
        last.Rows.Features.Should().Equal(1, 2, 3, 4, 5, 6);
        last.Rows.Labels.Should().Equal(1, 0, 1);
        DataSet first = Table("y a b\n1.5 2 3\n2.5 4 5\n", 0, true);
        first.Rows.Targets.Should().Equal(1.5f, 2.5f);
        first.Rows.Features.Should().Equal(2, 3, 4, 5);
        FluentActions.Invoking(() => Table("1,2,a\n3,x,b\n4,5,a\n", -1, false)).Should().Throw<InvalidDataException>().WithMessage("*row 2, column 1: 'x'*");
        FluentActions.Invoking(() => Table("1,2,a\n3,b\n4,5,a\n", -1, false)).Should().Throw<InvalidDataException>().WithMessage("*row 2 has 2 fields*");
    }

    [Fact]
    public void Idx_files_that_are_swapped_or_unequal_are_refused()
    {
        string images = Temporary([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8, 7, 6]), labels = Temporary([0, 0, 8, 1, 0, 0, 0, 2, 1, 0]);
        DataSet set = DataFiles.ReadIdx(images, labels);
        set.Rows.Features.Should().Equal(9, 8, 7, 6);
        set.Rows.Labels.Should().Equal(1, 0);
        FluentActions.Invoking(() => DataFiles.ReadIdx(labels, images)).Should().Throw<InvalidDataException>().WithMessage("*image file*");
        string three = Temporary([0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1]);
        FluentActions.Invoking(() => DataFiles.ReadIdx(images, three)).Should().Throw<InvalidDataException>().WithMessage("*2 images*3 labels*");
        FluentActions.Invoking(() => DataFiles.ReadIdx(Temporary([1, 2]), labels)).Should().Throw<InvalidDataException>().WithMessage("*IDX*");
        File.Delete(images);
        File.Delete(labels);
        File.Delete(three);
    }

    [RealDataFact]
    public void The_real_sets_are_read()
    {
        DataSet iris = DataFiles.ReadTable(RealData.PathOf("tabular/iris.csv"), -1, false);
        (iris.Rows.Count, iris.Rows.Columns, iris.Rows.Outputs).Should().Be((150, 4, 3));
        DataSet digits = DataFiles.ReadTable(RealData.PathOf("tabular/digits.csv.gz"), -1, false);
        (digits.Rows.Count, digits.Rows.Columns, digits.Rows.Outputs).Should().Be((1797, 64, 10));
    }

    private static DataSet Table(string text, int label, bool regression)
    {
        string file = Temporary(System.Text.Encoding.UTF8.GetBytes(text));
        try
        {
            return DataFiles.ReadTable(file, label, regression);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Temporary(byte[] content)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(file, content);
        return file;
    }
}
