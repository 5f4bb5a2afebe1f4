#include "core/config/experiment.h"

#include "core/config/derive.h"
#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {

void experiment(std::string_view bytes) {
    Experiment experiment;
    if (!accepted([&] { experiment = parseExperiment(bytes); })) return;
    const std::string text = writeExperiment(experiment);
    require(writeExperiment(parseExperiment(text)) == text, "an experiment is written as it is read");
    for (const ConfigProblem& problem : problemsOf(experiment)) {
        require(!problem.path.empty() && !problem.message.english().empty(), "a problem has a place and a sentence");
        return;
    }
    const Experiment whole = resolved(experiment);
    const std::string wholeText = writeExperiment(whole);
    require(writeExperiment(resolved(parseExperiment(wholeText))) == wholeText, "what is completed is complete");
    require(writeExperiment(resolved(withoutDerived(whole))) == wholeText, "what is derived is derived again");
}

}  // namespace lab::fuzz
