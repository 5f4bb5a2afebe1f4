#include "ui/runs/head_match_job.h"

#include <algorithm>
#include <chrono>

#include "core/base/errors.h"
#include "core/model/abandonable_trace.h"

namespace lab {
namespace {

constexpr double restPerWork = 9;  // while thrifty

std::shared_ptr<const HeadMatching> match(const HeadMatchQuestion& question, const std::vector<Input>& inputs,
                                          const LatestTask::Wanted& wanted) {
    auto matching = std::make_shared<HeadMatching>(*question.a, *question.b);
    const auto unwanted = [&wanted] { return !wanted(); };
    try {
        for (const Input& input : inputs) {
            const auto traceA = traceUnlessAbandoned(*question.a, question.weightsA->weights, input, unwanted);
            const auto traceB = traceA ? traceUnlessAbandoned(*question.b, question.weightsB->weights, input, unwanted) : std::nullopt;
            if (!traceB) return nullptr;
            matching->add(*traceA, *traceB);
        }
    } catch (const InputError&) {
        return nullptr;
    }
    return matching;
}

}  // namespace

HeadMatchJob::HeadMatchJob(QObject* parent) : QObject(parent) {
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &HeadMatchJob::work);
}

void HeadMatchJob::ask(std::vector<HeadMatchQuestion> questions, std::vector<Input> inputs) {
    m_questions = std::move(questions);
    m_inputs = std::move(inputs);
    if (!m_thrifty) m_rest.stop();
    if (!m_rest.isActive()) work();
}

void HeadMatchJob::work() {
    if (m_busy || (m_questions == m_asked && m_inputs == m_askedInputs)) return;
    m_busy = true;
    m_asked = m_questions;
    m_askedInputs = m_inputs;
    m_task.request([this, questions = m_questions, inputs = m_inputs](const LatestTask::Wanted& wanted) -> std::function<void()> {
        const auto start = std::chrono::steady_clock::now();
        std::vector<HeadMatchAnswer> answers;
        for (const HeadMatchQuestion& question : questions) answers.push_back({question, match(question, inputs, wanted)});
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return [this, answers, seconds] {
            m_busy = false;
            m_answers = answers;
            if (m_thrifty) m_rest.start(std::max(1, static_cast<int>(restPerWork * seconds * 1000)));
            emit answered();
            if (!m_rest.isActive()) work();
        };
    });
}

}  // namespace lab
