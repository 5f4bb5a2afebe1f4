#include "ui/pages/stream/logit_panel.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/config/experiment.h"
#include "ui/pages/stream/waterfall_view.h"
#include "ui/scenes/head_names.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {

LogitPanel::LogitPanel(QWidget* parent) : PanelFrame(tr("What made this logit"), parent) {
    setToolTip(
        tr("Direct logit attribution (Elhage et al. 2021; Wang et al. 2022): the logit as a sum over everything that was added to the "
           "stream, each norm on the way with the scale it had. The sum is exact; a part says what it adds as the others are, not what "
           "would happen without it."));
    addControl(new ThemedLabel(tr("Over"), TextSize::axis, Role::muted));
    m_over = named("stream.lens.over", new SegmentedControl({tr("this input"), tr("validation")}, tr("Over")));
    m_over->setHeight(20);
    m_over->setChoiceToolTip(0, tr("The model's answer to this input"));
    m_over->setChoiceToolTip(1, tr("The true answers at this position of up to 100 inputs that are validated on, as a mean: what heads do "
                                   "on the whole, not on one input (Wang et al. 2022)"));
    addControl(m_over);
    addControl(new ThemedLabel(tr("Against"), TextSize::axis, Role::muted));
    m_against = named("stream.lens.against", new SegmentedControl({tr("mean logit"), QString()}, tr("Against")));
    m_against->setHeight(20);
    m_against->setChoiceToolTip(0, tr("The logit of the answer less the mean of all logits"));
    m_against->setChoiceToolTip(1,
                                tr("The logit of the answer less that of another class: what the cell in hand says, else the runner-up"));
    addControl(m_against);
    m_view = named("stream.lens.logit", new WaterfallView);
    m_area = new QScrollArea;
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setWidgetResizable(true);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setWidget(m_view);
    m_view->setAutoFillBackground(false);
    m_area->viewport()->setAutoFillBackground(false);
    auto* body = new QWidget;
    QVBoxLayout* lines = column(body);
    lines->addWidget(m_area, 1);
    lines->addWidget(makeFoot());
    setContent(body);
    connect(m_over, &SegmentedControl::chosen, this, [this] {
        m_split.reset();
        m_chosen.clear();
        askAnew();
    });
    connect(m_against, &SegmentedControl::chosen, this, &LogitPanel::askAnew);
    connect(&m_mean, &MeanLogitStudy::changed, this, [this] {
        if (m_found && overMany()) build();
        emit changed();
    });
    connect(m_view, &WaterfallView::barPressed, this, &LogitPanel::press);
    connect(m_view, &WaterfallView::barReached, this, &LogitPanel::reach);
}

QWidget* LogitPanel::makeFoot() {
    auto* foot = new QWidget;
    auto* row = new QHBoxLayout(foot);
    m_sentence = new ElidedLabel({}, TextSize::text);
    m_verdict = new ElidedLabel({}, TextSize::axis, Role::right, true);
    m_join = named("stream.lens.join", new Button(tr("Whole head")));
    m_join->setToolTip(tr("One bar for the head again (Esc)"));
    m_maps = named("stream.lens.maps", new Button(tr("Open in Maps")));
    m_measure = named("stream.lens.measure", new Button(tr("Stop")));
    m_measure->setWidthFor({tr("Stop"), tr("Measure again")});
    for (Button* button : {m_join, m_maps, m_measure}) {
        button->setHeight(20);
        button->hide();
    }
    row->addWidget(m_sentence, 1);
    row->addWidget(m_verdict);
    row->addWidget(m_join);
    row->addWidget(m_maps);
    row->addWidget(m_measure);
    keepSpacing(row, {8, 3, 8, 3}, 12);
    connect(m_join, &Button::clicked, this, &LogitPanel::join);
    connect(m_measure, &Button::clicked, this, [this] {
        if (m_mean.measuring())
            m_mean.stop();
        else
            m_mean.measure();
        showFoot();
    });
    connect(m_maps, &Button::clicked, this, [this] {
        if (m_split) emit mapsWanted(m_split->first, m_split->second, largestSource());
    });
    return foot;
}

bool LogitPanel::againstOther() const {
    return m_against->current() == 1;
}

void LogitPanel::setAgainstOther(bool other) {
    m_against->setCurrent(other ? 1 : 0);
}

bool LogitPanel::overMany() const {
    return m_over->current() == 1;
}

void LogitPanel::setOverMany(bool many) {
    m_over->setCurrent(many ? 1 : 0);
}

void LogitPanel::forget() {
    m_mean.look(nullptr, {}, -1, LogitQuestion::Against::mean);
    m_split.reset();
    m_chosen.clear();
    m_unfolded.clear();
}

bool LogitPanel::join() {
    if (!m_split) return false;
    m_split.reset();
    m_chosen.clear();
    emit asked();
    return true;
}

void LogitPanel::show(const std::shared_ptr<const LensStudy::Found>& found, const LensScene& scene, Run& run,
                      const CheckpointPtr& checkpoint) {
    const LogitQuestion& question = found->question;
    m_answer = quotedClass(scene, question.answer);
    m_rival = quotedClass(scene, question.other);
    const SequenceWords words(run);
    m_found = found;
    m_run = &run;
    m_checkpoint = checkpoint;
    m_model = run.model();
    m_tokens = scene.tokens;
    m_sources = words.all(found->input);
    askMany();
    build();
}

/// By the hand.
void LogitPanel::askAnew() {
    emit asked();
    if (!m_found || !m_run) return;
    askMany();
    build();
}

LogitQuestion::Against LogitPanel::manyAgainst() const {
    return againstOther() ? LogitQuestion::Against::other : LogitQuestion::Against::mean;
}

void LogitPanel::askMany() {
    if (!overMany()) return;
    m_mean.look(m_run, m_checkpoint, m_found->question.position, manyAgainst());
}

QString LogitPanel::question() const {
    const QString position = QString::number(m_found->question.position), classes = grouped(m_found->lens->states.classes);
    if (overMany())
        return againstOther()
                   ? tr("true answers at position %1, above the likeliest wrong ones · scales of norms held").arg(position)
                   : tr("true answers at position %1, above the mean of all %2 logits · scales of norms held").arg(position, classes);
    return logitWords(m_found->question, m_answer, m_rival, m_found->lens->states.classes);
}

const Attribution* LogitPanel::attribution() const {
    if (overMany()) return m_mean.found() ? &m_mean.found()->mean : nullptr;
    return m_found->attribution ? &*m_found->attribution : nullptr;
}

void LogitPanel::build() {
    m_scene = {};
    m_against->setChoiceText(1, overMany() ? tr("runner-up") : m_rival);
    setSubtitle(question());
    if (const Attribution* parts = attribution()) {
        m_scene = waterfallScene(*parts, *m_model, m_tokens, m_sources, m_unfolded);
        LogitQuestion asked = m_found->question;
        if (overMany()) asked.against = manyAgainst();
        m_scene.sumLabel = sumWord(asked);
    }
    m_view->setScene(m_scene);
    m_view->setChosen(chosenBar());
    showVerdict();
    showFoot();
}

/// The one that was clicked; of a split head else its largest part.
int LogitPanel::chosenBar() const {
    int chosen = -1;
    for (std::size_t b = 0; b < m_scene.bars.size(); ++b) {
        const WaterfallScene::Bar& bar = m_scene.bars[b];
        if (!m_chosen.isEmpty() && bar.name == m_chosen) return static_cast<int>(b);
        const bool larger = chosen < 0 || std::abs(bar.value) > std::abs(m_scene.bars[static_cast<std::size_t>(chosen)].value);
        if (m_split && bar.head == m_split && larger) chosen = static_cast<int>(b);
    }
    return chosen;
}

int LogitPanel::largestSource() const {
    const WaterfallScene::Bar* largest = nullptr;
    for (const WaterfallScene::Bar& bar : m_scene.bars)
        if (m_split && bar.head == m_split && bar.source >= 0 && (!largest || std::abs(bar.value) > std::abs(largest->value)))
            largest = &bar;
    return largest ? largest->source : -1;
}

/// A head is split, joined heads are unfolded, anything else is but read.
void LogitPanel::press(int index) {
    const WaterfallScene::Bar bar = m_scene.bars[static_cast<std::size_t>(index)];
    m_chosen = bar.name;
    if (bar.joined) {
        m_unfolded.insert(bar.layer);
        return build();
    }
    if (bar.head && bar.head != m_split && !overMany()) {
        m_split = bar.head;
        m_chosen.clear();
        m_view->setChosen(index);
        showFoot();
        emit asked();
        return;
    }
    reach(index);
}

void LogitPanel::reach(int index) {
    m_chosen = m_scene.bars[static_cast<std::size_t>(index)].name;
    m_view->setChosen(index);
    showFoot();
}

void LogitPanel::showVerdict() {
    const Attribution* sum = attribution();
    m_check = sum ? sumCheck(*sum) : QString();
    m_verdict->setText(m_check);
    m_verdict->setRole(verdictRole(m_check));
}

/// What stands at the foot while no bar is in hand.
QString LogitPanel::hint() const {
    if (!overMany()) return m_found->attribution ? tr("Click a head: its part by source token.") : m_found->attributionError;
    if (!m_mean.error().isEmpty()) return m_mean.error();
    if (m_mean.measuring()) return tr("input %1 of %2").arg(grouped(m_mean.done()), grouped(m_mean.total()));
    return m_mean.found() ? counted(LAB_PLURAL("stream", "the mean over %n input(s) that are validated on, step %1"),
                                    m_mean.found()->inputs, {grouped(m_mean.step())})
                          : QString();
}

void LogitPanel::showFoot() {
    const int bar = m_view->chosen();
    const QString said = bar >= 0 ? m_view->reading(bar) : hint();
    m_sentence->setText(said);
    m_sentence->setRole(bar >= 0 ? Role::text : Role::muted);
    m_join->setVisible(m_split && m_found->question.split == m_split);
    m_maps->setVisible(m_split.has_value());
    m_measure->setVisible(overMany() && (m_mean.measuring() || m_mean.lacksSome()));
    m_measure->setText(m_mean.measuring() ? tr("Stop") : tr("Measure again"));
    m_measure->setToolTip(m_mean.measuring() ? tr("What is there stays") : tr("From the first input, with the weights of the step shown"));
    if (!m_split) return;
    const AttentionBlock& block = m_model->attentionBlocks()[static_cast<std::size_t>(m_split->first)];
    m_maps->setText(tr("Open %1 in Maps").arg(shortHeadName(block, m_split->second, m_model->config().architecture)));
}

}  // namespace lab
