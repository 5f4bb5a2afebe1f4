// A stage as a picture, as numbers or as code.

#include <QApplication>
#include <QScrollArea>
#include <QStackedWidget>

#include "core/explain/walk_limits.h"
#include "ui/pages/explain/code_view.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/text/message_text.h"
#include "ui/widgets/matrix_picture.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/stage_desk.h"

namespace lab {

ExplainPage::View ExplainPage::shownView() const {
    const explain::Stage* now = shownStage();
    if (m_wanted == View::code && now && whyNoCode().isEmpty()) return View::code;
    return m_wanted != View::numbers && now && hasPicture(*now) ? View::picture : View::numbers;
}

/// Empty where there is code.
QString ExplainPage::whyNoCode() const {
    if (m_example >= 0) return tr("Code is written for the numbers of a model");
    const Run* run = focus().run();
    return run ? shown(explain::whyNoCode(run->experiment().model)) : QString();
}

/// Own numbers are set as numbers.
bool ExplainPage::hasPicture(const explain::Stage& stage) const {
    return explain::hasMatrix(stage) && !(m_source->current() == 1 && anyEditable(stage));
}

void ExplainPage::showAs(View view) {
    m_wanted = view;
    showControls();
}

/// What has the keys: the picture, the numbers or the code.
QWidget* ExplainPage::deskInHand() const {
    const View view = shownView();
    return view == View::picture ? static_cast<QWidget*>(m_picture) : view == View::code ? static_cast<QWidget*>(m_code) : m_desk;
}

void ExplainPage::showDesk() {
    const explain::Stage* now = shownStage();
    const View view = shownView();
    m_view->setCurrent(static_cast<int>(view));
    m_view->setChoiceShown(static_cast<int>(View::picture), now && hasPicture(*now));
    m_view->setChoiceEnabled(static_cast<int>(View::code), whyNoCode().isEmpty(), whyNoCode());
    if (view == View::code) showCode();
    QWidget* const wanted = view == View::picture ? static_cast<QWidget*>(m_pictureScroll)
                            : view == View::code  ? static_cast<QWidget*>(m_code)
                                                  : m_desk;
    if (wanted == m_deskStack->currentWidget()) return;
    const bool hadFocus = m_deskStack->isAncestorOf(QApplication::focusWidget());
    m_deskStack->setCurrentWidget(wanted);
    if (hadFocus) deskInHand()->setFocus();
}

/// What may be done with what is shown, where the bar has room to say it.
QString ExplainPage::deskNote() const {
    const explain::Stage* now = shownStage();
    const bool own = m_source->current() == 1, picture = showsPicture();
    if (m_narrow || shownView() == View::code) return {};
    if (own && now && anyEditable(*now)) return tr("amber: type or drag");
    if (own) return picture ? QString() : tr("numbers of q, k, v, q \u00B7 k and \u03A3 a v can be changed");
    return picture ? tr("click a row to see its sum") : tr("click a number to open it");
}

void ExplainPage::showCode() {
    const explain::Stage* now = shownStage();
    const CheckpointPtr checkpoint = walkCheckpoint();
    if (!now || !checkpoint || m_example >= 0) return;
    const explain::CodeSource source{focus().run()->model(), {checkpoint, &checkpoint->weights}, explain::NumberSource(m_trace), m_asked};
    m_code->setCode(explain::walkCode(m_code->language(), m_walk, source), *now, !m_asked.input.interventions.empty());
}

}  // namespace lab
