using SpectralInit.Kernels;

namespace SpectralInit.Tests.Contract;

/// <summary>One sign rule for every solver: the largest entry is positive, and the first decides when −x and x tie.</summary>
public class SignRuleTests
{
    [Fact]
    public void The_first_of_equal_magnitudes_decides()
    {
        SignRule.WantsNegation([-1, 1]).Should().BeTrue();
        SignRule.WantsNegation([1, -1]).Should().BeFalse();
        SignRule.WantsNegation([0.5, -2, 2, 2]).Should().BeTrue();
        SignRule.WantsNegation([-0.5, 2, -2]).Should().BeFalse();
        SignRule.WantsNegation([]).Should().BeFalse();
        double[] later = new double[40];
        later[17] = -3;
        later[39] = 3;
        SignRule.WantsNegation(later).Should().BeTrue();
    }
}
