#include "ui/forms/experiment_panel.h"

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/model/model.h"
#include "core/model/parameter_groups.h"
#include "core/tasks/model_tokens.h"
#include "core/training/memory_need.h"
#include "ui/forms/field_row.h"
#include "ui/forms/parameter_bar.h"
#include "ui/forms/settings_form.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// LOOK.md 1, logical px at 100 %.
constexpr int openWidth = 280;
constexpr int foldedWidth = 28;
constexpr int headerHeight = 36;
constexpr int footerHeight = 37;

/// Only what the token table, the output and learned positions take from a pairs file is unknown before it is read.
bool canCount(const Experiment& complete) {
    return complete.model.vocab_size && complete.model.num_classes && complete.model.max_seq_len;
}

/// A part of the panel with a hairline along one edge.
class Edged : public QWidget {
public:
    Edged(Qt::Edge edge, QWidget* parent) : QWidget(parent), m_edge(edge) {}

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const QRect r = rect();
        if (autoFillBackground()) painter.fillRect(r, Theme::instance().color(Role::panel));
        const bool top = m_edge == Qt::TopEdge;
        drawHairline(painter, top ? r.topLeft() : r.bottomLeft(), top ? r.topRight() : r.bottomRight(),
                     Theme::instance().color(Role::hairline));
    }

private:
    Qt::Edge m_edge;
};

}  // namespace

ExperimentPanel::ExperimentPanel(QWidget* parent)
    : QWidget(parent),
      m_open(new QWidget(this)),
      m_parameters(new ParameterBar(m_open)),
      m_memory(new ThemedLabel({}, TextSize::caption, Role::muted, false, m_open)),
      m_watch(new ThemedLabel({}, TextSize::caption, Role::muted, false, m_open)),
      m_scroll(new QScrollArea(m_open)),
      m_form(new SettingsForm),
      m_unfold(named("settings.panel.unfold", new Button(Glyph::chevronLeft, tr("Show the experiment's settings (F4)"), this))) {
    setAccessibleName(tr("Experiment"));
    m_header = makeHeader();
    m_footer = makeFooter();
    m_watch->setWordWrap(true);
    m_watch->setTextFormat(Qt::RichText);
    m_scroll->setWidget(m_form);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);

    auto* column = new QVBoxLayout(m_open);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (QWidget* part : {m_header, static_cast<QWidget*>(m_parameters), static_cast<QWidget*>(m_memory), static_cast<QWidget*>(m_watch),
                          static_cast<QWidget*>(m_scroll), m_footer})
        column->addWidget(part, part == m_scroll ? 1 : 0);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(1, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_open);
    row->addWidget(m_unfold, 0, Qt::AlignTop | Qt::AlignHCenter);
    m_unfold->setFlatLook(true);

    m_problemStrip = new Edged(Qt::TopEdge, m_scroll);
    m_problemStrip->setAutoFillBackground(true);
    m_problem = new ProblemLabel(TextSize::caption, m_problemStrip);
    m_scroll->installEventFilter(this);
    connect(m_form, &SettingsForm::edited, this, [this] {
        refresh();
        emit draftChanged();
    });
    connect(m_newRun, &Button::clicked, this, &ExperimentPanel::newRunRequested);
    connect(m_unfold, &Button::clicked, this, [this] { setFolded(false); });
    whenThemed(this, &ExperimentPanel::applyMeasures);
    m_unfold->hide();
    applyMeasures();
    setExperiment({}, {});
}

QWidget* ExperimentPanel::makeHeader() {
    auto* header = new Edged(Qt::BottomEdge, m_open);
    auto* layout = new QHBoxLayout(header);
    layout->addWidget(new ThemedLabel(tr("Experiment"), TextSize::text, Role::text, true, header));
    layout->addStretch();
    layout->addWidget(new ThemedLabel(QStringLiteral("F4"), TextSize::caption, Role::muted, false, header));
    m_fold = named("settings.panel.fold", new Button(Glyph::chevronRight, tr("Fold the experiment's settings (F4)"), header));
    m_fold->setFlatLook(true);
    layout->addWidget(m_fold);
    connect(m_fold, &Button::clicked, this, [this] { setFolded(true); });
    return header;
}

QWidget* ExperimentPanel::makeFooter() {
    auto* footer = new Edged(Qt::TopEdge, m_open);
    auto* layout = new QHBoxLayout(footer);
    m_note = new ThemedLabel(tr("Changes start a new run"), TextSize::caption, Role::muted, false, footer);
    m_newRun = named("settings.panel.new_run", new Button(tr("New run"), footer));
    layout->addWidget(m_note, 1);
    layout->addWidget(m_newRun);
    return footer;
}

void ExperimentPanel::setExperiment(const Experiment& experiment, const Experiment& preset, const Experiment& complete) {
    m_experiment = experiment;
    m_preset = preset;
    m_goesOn = madeElsewhere(complete.task);
    m_form->setRun(experiment, complete);
    m_form->setExperiment(experiment, preset);
    refresh();
}

bool ExperimentPanel::reveal(const std::string& path) {
    setFolded(false);
    if (!m_form->reveal(path)) return false;
    m_scroll->widget()->layout()->activate();
    m_scroll->ensureWidgetVisible(&m_form->row(path));
    return true;
}

const Experiment& ExperimentPanel::draft() const {
    return m_form->draft();
}

void ExperimentPanel::setDraft(const Experiment& draft) {
    m_form->setExperiment(draft, m_preset);
    refresh();
    emit draftChanged();
}

bool ExperimentPanel::hasChanges() const {
    return !m_form->isReadable() || !differences(m_form->draft(), m_experiment).empty();
}

bool ExperimentPanel::isValid() const {
    return m_form->isValid();
}

void ExperimentPanel::setFolded(bool folded) {
    if (m_folded == folded) return;
    m_folded = folded;
    m_open->setVisible(!folded);
    m_unfold->setVisible(folded);
    applyMeasures();
    emit foldedChanged(folded);
}

void ExperimentPanel::refresh() {
    const bool valid = m_form->isValid(), changed = hasChanges();
    const Experiment complete = m_form->complete();
    const bool counts = problemsOf(complete).empty() && canCount(complete);
    if (counts) {
        const Model model(complete.model);
        m_parameters->setGroups(parameterGroups(model.layout()), activeParameters(model.layout(), model.config()));
        tellMemory(complete);
    } else {
        m_parameters->setGroups(std::nullopt);
    }
    const QString about = experimentText(m_form->draft().about);
    m_watch->setVisible(!about.isEmpty());
    m_watch->setText(QStringLiteral("<span style='color:%1'><b>%2</b></span> %3")
                         .arg(Theme::instance().color(Role::text).name(), tr("Watch:"), about.toHtmlEscaped()));
    QString problem = m_form->firstProblem();
    m_problem->say(problem.replace(QLatin1String("; "), QLatin1String("\n")));  // what is wrong on one line, what would do on the next
    placeProblem();
    tellStart(valid, changed);
}

void ExperimentPanel::tellStart(bool valid, bool changed) {
    m_note->setText(m_goesOn ? tr("Changes train it further") : tr("Changes start a new run"));
    m_newRun->setText(m_goesOn ? tr("Fine-tune") : tr("New run"));
    m_newRun->setEnabled(valid && changed);
    if (!valid) return m_newRun->setToolTip(tr("There is an error in the settings: %1").arg(m_form->firstProblem()));
    if (!changed)
        return m_newRun->setToolTip(m_goesOn ? tr("Nothing is changed: choose what to train it on")
                                             : tr("Nothing is changed: a new run would repeat this one"));
    m_newRun->setToolTip(m_goesOn ? tr("Train a copy of its weights with these settings; the model that was opened stays as it is")
                                  : tr("Start a new run with these settings, from new initial weights"));
}

/// What training takes, before it begins.
void ExperimentPanel::tellMemory(const Experiment& complete) {
    const TrainingMemory memory = trainingMemory(complete);
    m_memory->setText(shown(memoryLine(memory)));
    m_memory->setToolTip(shown(memoryParts(memory)));
    m_memory->setAccessibleDescription(m_memory->toolTip());
}

/// The form does not move for it, but can be scrolled clear of it.
void ExperimentPanel::placeProblem() {
    const bool any = !m_problem->sentence().isEmpty();
    const int gap = Theme::instance().px(8), width = m_scroll->width() - 2 * gap;
    const int high = any ? m_problem->heightForWidth(width) + gap : 0;
    m_problemStrip->setGeometry(0, m_scroll->height() - high, m_scroll->width(), high);
    m_problem->setGeometry(gap, gap / 2, width, high - gap);
    m_problemStrip->setVisible(any);
    m_problemStrip->raise();
    m_form->setContentsMargins(0, 0, 0, high);
}

bool ExperimentPanel::eventFilter(QObject* object, QEvent* event) {
    if (object == m_scroll && event->type() == QEvent::Resize) placeProblem();
    return QWidget::eventFilter(object, event);
}

bool ExperimentPanel::showProblem() {
    FieldRow* row = m_form->firstRowInError();
    if (m_folded || !row || !isVisible()) return false;
    m_scroll->ensureWidgetVisible(row, 0, m_problemStrip->height() + Theme::instance().px(8));
    row->editor().setFocus(Qt::OtherFocusReason);
    return true;
}

void ExperimentPanel::applyMeasures() {
    const Theme& theme = Theme::instance();
    setFixedWidth(theme.px(m_folded ? foldedWidth : openWidth));
    m_header->setFixedHeight(theme.px(headerHeight));
    m_header->layout()->setContentsMargins(theme.px(8), 0, theme.px(4), 0);
    m_header->layout()->setSpacing(theme.px(2));
    m_footer->setFixedHeight(theme.px(footerHeight));
    m_footer->layout()->setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6));
    m_memory->setWordWrap(true);
    m_memory->setContentsMargins(theme.px(8), theme.px(2), theme.px(8), 0);
    m_watch->setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(8));
    layout()->setContentsMargins(1, m_folded ? theme.px(6) : 0, 0, 0);
    refresh();
    update();
}

void ExperimentPanel::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, rect().topLeft(), rect().bottomLeft(), theme.color(Role::hairline));
    if (!m_folded) return;
    painter.setFont(theme.font(TextSize::text));
    painter.setPen(theme.color(Role::muted));
    painter.translate(width(), theme.px(40));
    painter.rotate(90);
    painter.drawText(QRect(0, 0, height(), width()), Qt::AlignLeft | Qt::AlignVCenter, tr("Experiment"));
}

void ExperimentPanel::mouseReleaseEvent(QMouseEvent* event) {
    if (m_folded && event->button() == Qt::LeftButton && rect().contains(event->position().toPoint())) setFolded(false);
}

}  // namespace lab
