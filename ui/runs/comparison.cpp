#include "ui/runs/comparison.h"

#include <algorithm>

#include "core/config/model_config.h"
#include "ui/runs/focus.h"
#include "ui/runs/inspector.h"

namespace lab {
namespace {

bool hasGradients(const Model& model, const Trace& trace) {
    const auto& blocks = model.attentionBlocks();
    return !blocks.empty() && trace.contains("gradient." + blocks.front().name + ".scores");
}

}  // namespace

Comparison::Comparison(Focus& focus) : QObject(&focus), m_focus(focus) {
    connect(&focus, &Focus::traceChanged, this, &Comparison::follow);
    connect(&focus, &Focus::runChanged, this, &Comparison::drop);
}

Comparison::~Comparison() = default;

void Comparison::forget() {
    m_trace.reset();
    m_followed.reset();
    m_counterpart.reset();
    m_asked.clear();
    m_step = -1;
    m_answer.clear();
    m_error.clear();
    m_inspector.reset();  // waits for what is under way
}

void Comparison::keep(const Input& input, const QString& name) {
    if (!m_focus.run()) return;
    forget();
    m_inspector = std::make_unique<Inspector>();
    connect(m_inspector.get(), &Inspector::traceReady, this,
            [this](const CheckpointPtr& checkpoint, const Input&, const std::shared_ptr<const Trace>& trace) {
                m_trace = trace;
                m_step = checkpoint->step;
                takeCounterpart();
                m_error.clear();
                const Run* run = m_focus.run();
                if (!run || traceAnswers(run->model()->config(), m_input)) m_answer = predictions(*trace);
                emit traceChanged();
            });
    connect(m_inspector.get(), &Inspector::answerReady, this, [this](const CheckpointPtr&, const Input&, const std::vector<int>& answer) {
        m_answer = answer;
        emit traceChanged();
    });
    connect(m_inspector.get(), &Inspector::traceFailed, this, [this](const QString& message) {
        m_trace.reset();
        m_error = message;
        emit traceChanged();
    });
    m_active = true;
    m_input = input;
    m_name = name;
    emit inputChanged();
    follow();
}

void Comparison::drop() {
    if (!m_active) return;
    forget();
    m_active = false;
    m_input = {};
    m_name.clear();
    emit inputChanged();
}

/// Of the traces that were followed the newest at this step; those before it are not answered any more.
void Comparison::takeCounterpart() {
    const auto same = std::find_if(m_asked.rbegin(), m_asked.rend(), [this](const auto& asked) { return asked.first == m_step; });
    if (same == m_asked.rend()) return;
    m_counterpart = same->second;
    m_asked.erase(m_asked.begin(), same.base());
}

/// As often as the focus looks, and at the same weights.
void Comparison::follow() {
    const auto seen = m_focus.trace();
    Run* run = m_focus.run();
    if (!m_active || !run || !seen || seen == m_followed) return;
    CheckpointPtr checkpoint = m_focus.checkpoint();
    if (!checkpoint || checkpoint->step != m_focus.traceStep()) checkpoint = run->history().atOrBefore(m_focus.traceStep());
    if (!checkpoint || checkpoint->step != m_focus.traceStep()) return;
    m_followed = seen;
    m_asked.emplace_back(checkpoint->step, seen);
    const bool gradients = !m_input.targets.empty() && hasGradients(*run->model(), *seen);
    const AnswerCost& cost = run->experiment().training.answer_cost;
    m_inspector->request(run->model(), checkpoint, m_input, {.intermediates = true, .gradients = gradients, .cost = cost},
                         {.answer = m_focus.answersTrace()});
}

}  // namespace lab
