#include "ui/runs/sample_ranking.h"

#include <algorithm>

#include "core/data/dataset.h"
#include "core/model/sample_input.h"
#include "core/runs/budget.h"
#include "core/runs/worker.h"
#include "ui/runs/gui_post.h"

namespace lab {
namespace {

using Ranking = std::vector<SampleRanking::Ranked>;

Ranking rankingOf(const RankingQuestion& question, const Worker::Context& context) {
    const Dataset& data = *question.dataset;
    const int count = std::min(question.validation ? data.validationSize() : data.trainSize(), SampleRanking::mostSamples);
    TraceMemory memory;
    Ranking ranking;
    for (int i = 0; i < count && !context.cancelled(); ++i) {
        const Sample sample = question.validation ? data.validationSample(i) : data.trainSample(i);
        const Trace trace = question.model->trace(question.checkpoint->weights, inputOf(sample), {.intermediates = false}, memory);
        if (const Tensor* loss = trace.find("loss"); loss && !loss->values.empty()) ranking.push_back({i, loss->values.front()});
    }
    std::ranges::stable_sort(ranking, std::ranges::greater(), &SampleRanking::Ranked::loss);
    return ranking;
}

}  // namespace

class SampleRanking::Private {
public:
    RankingQuestion asked, question;  ///< the newest; the one that `ranking` answers
    Ranking ranking;
    GuiPost post;
    Worker worker{post.poster()};  // ends first
};

SampleRanking::SampleRanking(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {}
SampleRanking::~SampleRanking() = default;

void SampleRanking::ask(const RankingQuestion& question) {
    if (question == d->asked) return;
    d->asked = question;
    const auto work = [this, question](Worker::Context& context) {
        Ranking found = rankingOf(question, context);
        if (context.cancelled()) return;
        context.tell([this, question, found = std::move(found)] {
            d->question = question;
            d->ranking = found;
            emit answered();
        });
    };
    d->worker.follow(work, [this](const Message&) { d->asked = {}; });  // samples that the model cannot take; it may be asked again
}

const std::vector<SampleRanking::Ranked>& SampleRanking::ranked() const {
    return d->ranking;
}

const RankingQuestion& SampleRanking::answeredQuestion() const {
    return d->question;
}

void SampleRanking::forget() {
    d->worker.cancel();
    d->asked = d->question = {};
    d->ranking.clear();
}

void SampleRanking::setThrifty(bool thrifty) {
    d->worker.setRest(thrifty ? budget::restPerWork : 0);
}

bool SampleRanking::ready() const {
    return d->asked == d->question;
}

}  // namespace lab
