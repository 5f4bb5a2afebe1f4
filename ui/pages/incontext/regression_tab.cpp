#include "ui/pages/incontext/regression_tab.h"

#include <QHBoxLayout>
#include <QSpinBox>
#include <QVBoxLayout>

#include "core/config/experiment.h"
#include "ui/pages/incontext/answers_panel.h"
#include "ui/pages/incontext/between_view.h"
#include "ui/pages/incontext/examples_panel.h"
#include "ui/pages/incontext/layers_view.h"
#include "ui/pages/incontext/products_view.h"
#include "ui/pages/incontext/prompt_plot.h"
#include "ui/pages/incontext/regression_presets.h"
#include "ui/pages/incontext/shift_view.h"
#include "ui/pages/incontext/statements_panel.h"
#include "ui/pages/incontext/training_view.h"
#include "ui/text/message_text.h"
#include "ui/text/terms.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/spin_text.h"

namespace lab {
namespace {

constexpr int gap = 8, smallButton = 20;
constexpr int promptShare = 8, examplesShare = 5, answersShare = 11, pairShare = 11, statementsShare = 4;  // of the height

Button* smallNamed(const char* name, const QString& text, const QString& help) {
    auto* button = named(name, new Button(text));
    button->setHeight(smallButton);
    button->setToolTip(help);
    return button;
}

}  // namespace

RegressionTab::RegressionTab(Focus& focus, Workspace& workspace, QWidget* parent) : IncontextTab(focus, workspace, parent) {
    auto* lines = column(this);
    m_content = new QWidget(this);
    m_none = named("incontext.regression.none", new EmptyState({}, {}, tr("Open a preset that has it"), this));
    setControlName(*m_none->button(), QStringLiteral("incontext.regression.none.open"));
    lines->addWidget(m_content, 1);
    lines->addWidget(m_none, 1);
    makeControls();
    m_across = new QHBoxLayout(m_content);
    m_across->setContentsMargins(0, 0, 0, 0);
    m_left = new QVBoxLayout;
    m_right = new QVBoxLayout;
    m_pair = new QHBoxLayout;
    m_across->addLayout(m_left, 1);
    m_across->addLayout(m_right, 1);
    m_left->addWidget(makePrompt(), promptShare);
    m_left->addWidget(m_examples = new ExamplesPanel(m_content), examplesShare);
    m_right->addWidget(m_answers = new AnswersPanel(m_content), answersShare);
    m_right->addLayout(m_pair, pairShare);
    m_pair->addWidget(makeLosses(), 1);
    m_pair->addWidget(makeNearness(), 1);
    m_right->addWidget(m_statements = new StatementsPanel(m_content), statementsShare);
    connectParts();
    followTheme(this, &RegressionTab::applyMeasures);
    m_content->hide();
}

void RegressionTab::makeControls() {
    m_controls = new QWidget(this);
    auto* row = new QHBoxLayout(m_controls);
    m_kernel = named("incontext.regression.kernel", new SegmentedControl({tr("linear"), tr("softmax")}, tr("Attention")));
    m_kernel->setChoiceToolTip(0, tr("Opens the preset whose weights are the products q·k themselves"));
    m_kernel->setChoiceToolTip(1, tr("Opens the preset whose weights are their softmax"));
    m_steps = named("incontext.regression.steps", new QSpinBox);
    m_steps->setRange(2, TaskLines::mostSteps);
    m_steps->setValue(m_scene.steps);
    setAround(*m_steps, tr("GD %1"));
    m_steps->setAccessibleName(tr("Gradient steps of the second curve"));
    m_steps->setToolTip(withTerm(tr("How many steps the dashed curve takes"), QStringLiteral("gradient_step")));
    m_construct = named("incontext.regression.construct", new Button(tr("Set weights by construction")));
    m_construct->setCheckable(true);
    row->addWidget(m_kernel);
    row->addWidget(m_steps);
    row->addWidget(m_construct);
    keepSpacing(row, {0, 0, 0, 0}, 6);
}

QWidget* RegressionTab::makePrompt() {
    m_promptPanel = new PanelFrame(tr("This prompt"), m_content);
    m_plot = named("incontext.regression.prompt", new PromptPlot(tr("Pairs of the prompt and the model’s line")));
    m_plot->setToolTip(
        tr("Pairs can be dragged, and so can the query along its axis. Keys: Left and Right move the query; Page Down and Page Up take a "
           "pair in "
           "hand, the arrows then move it, Delete removes it."));
    m_new = smallNamed("incontext.regression.new", tr("New task"), tr("The next prompt of the validation, of another function"));
    m_add = smallNamed("incontext.regression.add", tr("Add pair"), {});
    m_type = smallNamed("incontext.regression.type", tr("Type or paste…"), tr("The pairs as text"));
    for (Button* button : {m_new, m_add, m_type}) m_promptPanel->addControl(button);
    m_promptPanel->setContent(m_plot);
    return m_promptPanel;
}

QWidget* RegressionTab::makeLosses() {
    m_lossPanel = new PanelFrame({}, m_content);
    m_lossPanel->setShortTitle(tr("Loss"));
    m_lossChoice = named("incontext.regression.loss", new SegmentedControl({tr("Layers"), tr("Shift")}, tr("Loss against")));
    m_lossChoice->setHeight(smallButton);
    m_lossChoice->setChoiceToolTip(0, tr("Loss against layers, with gradient steps on the same axis"));
    m_lossChoice->setChoiceToolTip(1, tr("Loss where x or w is scaled and the weights stay"));
    m_lossPanel->addControl(m_lossChoice);
    m_lossStack = new CurrentStack;
    m_lossStack->addWidget(m_layers = new LayersView);
    m_lossStack->addWidget(m_shift = new ShiftView);
    m_lossPanel->setContent(m_lossStack);
    return m_lossPanel;
}

QWidget* RegressionTab::makeNearness() {
    m_nearPanel = new PanelFrame({}, m_content);
    m_nearPanel->setShortTitle(tr("GD"));
    m_nearChoice = named("incontext.regression.near",
                         new SegmentedControl({tr("Training"), tr("Mixed"), tr("Products")}, tr("Against gradient steps")));
    m_nearChoice->setHeight(smallButton);
    m_nearChoice->setChoiceToolTip(0, tr("How near the model is to gradient steps during its training"));
    m_nearChoice->setChoiceToolTip(1, tr("Weights between the trained and the constructed ones"));
    m_nearChoice->setChoiceToolTip(2, tr("The products of its weights beside those of the construction"));
    m_nearPanel->addControl(m_nearChoice);
    m_nearStack = new CurrentStack;
    m_nearStack->addWidget(m_training = new TrainingView(m_history));
    m_nearStack->addWidget(m_between = new BetweenView);
    m_nearStack->addWidget(m_products = new ProductsView);
    m_nearPanel->setContent(m_nearStack);
    m_history.watchWith(*m_training);
    return m_nearPanel;
}

void RegressionTab::connectParts() {
    connect(m_kernel, &SegmentedControl::chosen, this, [this](int choice) { openWith(choice == 0); });
    connect(m_steps, &QSpinBox::valueChanged, this, &PageTab::refreshWanted);
    connect(m_construct, &QPushButton::toggled, this, &RegressionTab::setConstructed);
    connect(m_none->button(), &QPushButton::clicked, this, [this] { openWith(true); });
    connect(m_new, &QPushButton::clicked, this, &RegressionTab::newTask);
    connect(m_add, &QPushButton::clicked, this, &RegressionTab::addPair);
    connect(m_type, &QPushButton::clicked, this, &RegressionTab::type);
    connect(m_plot, &PromptPlot::pairMoved, this, [this](int pair, QPointF to) {
        if (const auto prompt = promptInFocus(); prompt && pair < prompt->points()) setPrompt(withPair(*prompt, pair, to.x(), to.y()));
    });
    connect(m_plot, &PromptPlot::pairRemoved, this, [this](int pair) {
        if (const auto prompt = promptInFocus(); prompt && prompt->points() > 1) setPrompt(withoutPair(*prompt, pair));
    });
    connect(m_plot, &PromptPlot::queryMoved, this, [this](double place) {
        if (const auto prompt = promptInFocus()) setPrompt(queryAt(*prompt, place));
    });
    const auto choose = [this](SegmentedControl* choice, CurrentStack* stack) {
        connect(choice, &SegmentedControl::chosen, this, [this, stack](int part) {
            stack->setCurrentIndex(part);
            emit refreshWanted();
            emit changed();
        });
    };
    choose(m_lossChoice, m_lossStack);
    choose(m_nearChoice, m_nearStack);
    connect(m_shift, &ShiftView::changed, this, &PageTab::changed);
    connect(m_training, &TrainingView::stepWanted, &focus(), &Focus::showStep);
    connect(&m_lines, &TaskLines::changed, this, &PageTab::refreshWanted);
    connect(&m_history, &SimilarityHistory::changed, this, &PageTab::refreshWanted);
}

void RegressionTab::applyMeasures() {
    for (QBoxLayout* layout : {static_cast<QBoxLayout*>(m_across), static_cast<QBoxLayout*>(m_left), static_cast<QBoxLayout*>(m_right),
                               static_cast<QBoxLayout*>(m_pair)})
        layout->setSpacing(Theme::instance().px(gap));
}

TabHeading RegressionTab::heading() const {
    if (!m_absence.isEmpty()) return {tr("Learning in the prompt")};
    switch (m_scene.task.function) {
        case FunctionKind::linear:
            return {tr("Learning in the prompt"), tr("y = w · x, a new w for every prompt")};
        case FunctionKind::sparse:
            return {tr("Learning in the prompt"), tr("y = w · x, few weights not 0, new ones for every prompt")};
        case FunctionKind::relu:
            return {tr("Learning in the prompt"), tr("y of a small ReLU net, a new one for every prompt")};
    }
    return {tr("Learning in the prompt")};
}

bool RegressionTab::ready() const {
    return !m_asked && !m_studies && !m_studyDue && !m_measures && m_lines.settled() && (m_history.settled() || !m_training->isVisible());
}

FigureSubject RegressionTab::subject() const {
    const Run* run = focus().run();
    const QString name = run ? run->name() : QString();
    return {m_scene.constructed ? tr("%1, weights by construction").arg(name) : name, m_scene.constructed ? -1 : m_scene.step, QString(),
            run ? inputWords(*run, focus().input()) : QString()};
}

std::vector<FigureOffer> RegressionTab::figures() {
    if (!m_scene.look || !m_absence.isEmpty()) return {};
    return partOffers(*this, subject());
}

bool RegressionTab::showCell(const QString& cell) {
    const auto show = [](SegmentedControl* choice, CurrentStack* stack, int part) {
        choice->setCurrent(part);
        stack->setCurrentIndex(part);
    };
    const QStringList losses{QStringLiteral("layers"), QStringLiteral("shift")};
    const QStringList nearness{QStringLiteral("training"), QStringLiteral("mixed"), QStringLiteral("products")};
    if (cell.isEmpty()) return true;
    if (const auto part = losses.indexOf(cell); part >= 0)
        show(m_lossChoice, m_lossStack, static_cast<int>(part));
    else if (const auto other = nearness.indexOf(cell); other >= 0)
        show(m_nearChoice, m_nearStack, static_cast<int>(other));
    else
        return false;
    emit refreshWanted();
    return true;
}

QJsonObject RegressionTab::notes() const {
    QJsonObject notes;
    if (m_construct->isChecked()) notes[QStringLiteral("constructed")] = true;
    if (m_steps->value() != RegressionScene().steps) notes[QStringLiteral("steps")] = m_steps->value();
    if (m_lossChoice->current() > 0) notes[QStringLiteral("loss")] = m_lossChoice->current();
    if (m_nearChoice->current() > 0) notes[QStringLiteral("near")] = m_nearChoice->current();
    if (m_shift->scale() != 1) notes[QStringLiteral("scale")] = m_shift->scale();
    if (m_shift->ofWeights()) notes[QStringLiteral("of_weights")] = true;
    return notes;
}

void RegressionTab::takeNotes(const QJsonObject& notes) {
    const auto part = [&notes](const char* key, int most) { return std::clamp(notes[QLatin1String(key)].toInt(), 0, most); };
    m_steps->setValue(notes[QStringLiteral("steps")].toInt(RegressionScene().steps));
    m_lossChoice->setCurrent(part("loss", 1));
    m_lossStack->setCurrentIndex(m_lossChoice->current());
    m_nearChoice->setCurrent(part("near", 2));
    m_nearStack->setCurrentIndex(m_nearChoice->current());
    m_shift->setOfWeights(notes[QStringLiteral("of_weights")].toBool());
    m_shift->setScale(notes[QStringLiteral("scale")].toDouble(1));
    m_construct->setChecked(notes[QStringLiteral("constructed")].toBool());
    emit refreshWanted();
}

IncontextTab* makeRegressionTab(Focus& focus, Workspace& workspace, QWidget* parent) {
    return new RegressionTab(focus, workspace, parent);
}

}  // namespace lab
