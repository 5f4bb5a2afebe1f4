#include "ui/window/guide_actions.h"

#include "core/base/errors.h"
#include "core/data/sentences_dataset.h"
#include "core/pretrained/model_guide.h"
#include "ui/widgets/taken.h"
#include "ui/widgets/theme.h"
#include "ui/window/guide_panel.h"
#include "ui/window/main_window.h"

namespace lab {
namespace {

constexpr int besidePage = 102;  ///< rail and folded settings, logical px at 100 %

}  // namespace

GuideActions::GuideActions(MainWindow& window, QObject* parent) : QObject(parent), m_window(window), m_panel(new GuidePanel) {
    window.dock(m_panel);
    setShown(*m_panel, false);
    window.actions().on("guide.show", this, &GuideActions::toggle);
    window.actions().allow(QStringLiteral("guide.show"), false);
    connect(m_panel, &GuidePanel::closeWanted, this, &GuideActions::toggle);
    connect(m_panel, &GuidePanel::headWanted, this, &GuideActions::goTo);
    connect(&window, &MainWindow::rearranged, this, &GuideActions::showWhereItFits);
    for (auto signal : {&Focus::runChanged, &Focus::stepChanged}) connect(&window.focus(), signal, this, &GuideActions::meet);
    meet();
}

/// By the weights that a run begins with: what it learns then makes it no other model.
void GuideActions::meet() {
    Run* run = m_window.focus().run();
    if (run == m_run) return;
    CheckpointPtr first = run ? run->history().atOrBefore(0) : nullptr;
    if (run && !first) first = run->latest();  // a branch begins later
    if (run && !first) return;                 // its weights come with the next step
    m_run = run;
    m_guide = run ? guideOf(*run->model(), first->weights) : nullptr;
    m_window.actions().allow(QStringLiteral("guide.show"), m_guide != nullptr);
    if (m_guide) m_panel->setGuide(*m_guide);
    showWhereItFits();
}

void GuideActions::showWhereItFits() {
    const int index = m_window.pageIndex();
    if (index < 0) return;
    const int page = m_window.pages()[static_cast<std::size_t>(index)]->minimumSizeHint().width();
    const int room = m_window.width() - Theme::instance().px(besidePage) - m_panel->width();
    setShown(*m_panel, m_guide && !m_closed && page <= room);
}

void GuideActions::toggle() {
    if (!m_guide) return;
    m_closed = m_panel->isVisible();
    setShown(*m_panel, !m_closed);
}

void GuideActions::goTo(std::size_t item, std::size_t head) {
    if (!m_guide || !m_run) return;
    const ModelGuide::Item& of = m_guide->items[item];
    if (!of.sentence.empty()) {
        try {
            Input input;
            input.tokens = framedSentence(m_run->dataset()->tokenizer(), of.sentence);
            m_window.focus().setInput(input);
        } catch (const InputError&) {
            // another tokenizer than the model's own: the head is shown on what is there
        }
    }
    const ModelGuide::Head& wanted = of.heads[head];
    for (const AttentionBlock& block : m_run->model()->attentionBlocks())
        if (block.layer == wanted.layer) {
            m_window.showPlace({.page = QStringLiteral("maps"), .block = QString::fromStdString(block.name), .head = wanted.head});
            return;
        }
}

}  // namespace lab
