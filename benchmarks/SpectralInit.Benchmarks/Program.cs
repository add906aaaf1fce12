using BenchmarkDotNet.Running;
using SpectralInit.Benchmarks.Accuracy;
using SpectralInit.Benchmarks.ColdStart;
using SpectralInit.Benchmarks.Growth;
using SpectralInit.Benchmarks.Limits;
using SpectralInit.Benchmarks.Peers;

return args switch
{
    ["radius"] => RadiusCommand.Run(),
    ["peers", .. string[] rest] => PeersCommand.Run(rest),
    ["coldstart", .. string[] rest] => ColdStartCommand.Run(rest),
    ["coldstart-child"] => ColdStartCommand.RunChild(),
    ["growth", .. string[] rest] => GrowthCommand.Run(rest),
    ["accuracy", .. string[] rest] => EigenAccuracyCommand.Run(rest),
    ["covariance-error", .. string[] rest] => CovarianceErrorCommand.Run(rest),
    ["limits"] => MachineLimits.Print(),
    _ => RunSuites(args),
};

static int RunSuites(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(MachineLimits).Assembly).Run(args);
    return 0;
}
