using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Running;
using SpectralInit.Benchmarks.Accuracy;
using SpectralInit.Benchmarks.ColdStart;
using SpectralInit.Benchmarks.Growth;
using SpectralInit.Benchmarks.Limits;
using SpectralInit.Benchmarks.Peers;
using SpectralInit.Benchmarks.Suites;

return args switch
{
    ["radius"] => RadiusCommand.Run(),
    ["peers", .. string[] rest] => PeersCommand.Run(rest),
    ["coldstart", .. string[] rest] => ColdStartCommand.Run(rest),
    ["coldstart-child"] => ColdStartCommand.RunChild(),
    ["growth", .. string[] rest] => GrowthCommand.Run(rest),
    ["accuracy", .. string[] rest] => EigenAccuracyCommand.Run(rest),
    ["eigenvalues", .. string[] rest] => EigenvaluesCommand.Run(rest),
    ["covariance-error", .. string[] rest] => CovarianceErrorCommand.Run(rest),
    ["short-rows", .. string[] rest] => ShortRowsCommand.Run(rest),
    ["limits"] => MachineLimits.Print(),
    _ => RunSuites(args),
};

static int RunSuites(string[] args)
{
    IConfig config = args.Contains(SlowCases.Flag) ? DefaultConfig.Instance : DefaultConfig.Instance.AddFilter(new SimpleFilter(benchmark => !SlowCases.Includes(benchmark)));
    BenchmarkSwitcher.FromAssembly(typeof(MachineLimits).Assembly).Run([.. args.Where(argument => argument != SlowCases.Flag)], config);
    return 0;
}
