#include "ui/pages/maps/maps_views.h"

#include <QEvent>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/config/experiment.h"
#include "core/runs/budget.h"
#include "ui/pages/maps/ablation_view.h"
#include "ui/pages/maps/average_view.h"
#include "ui/pages/maps/flow_view.h"
#include "ui/pages/maps/head_curves.h"
#include "ui/pages/maps/heads_view.h"
#include "ui/pages/maps/picture_view.h"
#include "ui/pages/maps/token_view.h"
#include "ui/pages/maps/uniform_notice.h"
#include "ui/pages/maps/vectors_view.h"
#include "ui/pages/maps/views_figures.h"
#include "ui/scenes/head_names.h"
#include "ui/text/terms.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int formationHeight = 128;
constexpr int leastWithName = 310;
constexpr int leastWithTable = 420, leastTableWidth = 360;  // of the room beside the maps

/// In the order of View; kept, as places name them.
constexpr std::array viewNames{"", "metrics", "switches", "flow", "average", "picture", "token", "vectors"};

}  // namespace

MapsViews::MapsViews(Focus& focus, QWidget& page) : QObject(&page), m_focus(focus) {
    m_chooser = named("maps.header.view", new SegmentedControl({tr("maps"), tr("metrics"), tr("switch off"), tr("rollout"), tr("average"),
                                                                tr("picture"), tr("token"), tr("vectors")},
                                                               tr("View")));
    m_chooser->setChoiceToolTip(0, tr("Every head's map"));
    m_chooser->setChoiceToolTip(1, tr("What each head does in numbers, and when it formed"));
    m_chooser->setChoiceToolTip(2, tr("Switch heads or layers off, or make them uniform, and see what that does"));
    m_chooser->setChoiceToolTip(
        3, withTerm(withTerm(tr("Attention over all layers: rollout and flow"), QStringLiteral("rollout")), QStringLiteral("flow")));
    m_chooser->setChoiceToolTip(4, tr("A head on this input beside its mean and its spread over many inputs"));
    m_chooser->setChoiceToolTip(5, tr("What the class token, or any patch, looks at in its picture"));
    m_chooser->setChoiceToolTip(6, tr("One token through all layers and heads: where it looks, and who looks at it"));
    m_chooser->setChoiceShown(5, false);
    m_chooser->setChoiceToolTip(7, tr("Queries and keys of a head over many inputs, as points of a plane"));
    m_formation = named("maps.formation", new HeadCurves);
    m_formation->setCompact(true);
    m_formation->setMinimumHeight(1);  // the page leaves it out where it is low
    m_companion = new QWidget(&page);
    m_companion->hide();
    auto* companions = new QVBoxLayout(m_companion);
    companions->setContentsMargins(0, 0, 0, 0);
    companions->setSpacing(0);
    m_companion->installEventFilter(this);
    m_wordsRest.setSingleShot(true);
    m_wordsRest.setInterval(budget::reading);
    connect(&m_wordsRest, &QTimer::timeout, this, [this] {
        if (m_wordsDue) refresh();
    });
    connect(&m_focus, &Focus::selectionChanged, &m_wordsRest, &QTimer::stop);  // another head's curve does not wait
    connect(&m_focus, &Focus::runChanged, this, [this] {
        m_wordsRest.stop();
        m_notice->hide();  // it spoke of another run
    });
    m_notice = new ThemedLabel(QString(), TextSize::text, Role::text, false, &page);
    m_notice->setWordWrap(true);
    m_notice->hide();
    m_switch = named("maps.head.switch", new Button(tr("Switch off")));
    m_switch->setHeight(20);
    m_switch->setCheckable(true);
    m_switch->setToolTip(tr("Sets this head's output to 0 and shows what the model makes of it"));
    m_heads = new HeadsView(focus, m_history);
    m_ablation = new AblationView(focus);
    m_flow = new FlowView(focus);
    m_average = new AverageView(focus);
    m_picture = new PictureView(focus);
    m_token = new TokenView(focus);
    m_vectors = new VectorsView(focus);
    setFormationRoomy(false);
    m_history.watchWith(page);
    connect(m_chooser, &SegmentedControl::chosen, this, [this](int index) { setView(static_cast<View>(index)); });
    connect(m_switch, &QPushButton::clicked, this, &MapsViews::toggleHead);
    connect(m_formation, &HeadCurves::stepWanted, &focus, &Focus::showStep);
    connect(m_heads, &HeadsView::headOpened, this, &MapsViews::headOpened);
    connect(m_token, &TokenView::headOpened, this, &MapsViews::headOpened);
    connect(&m_history, &HeadHistory::changed, this, &MapsViews::refresh);
    connect(&m_measure, &HeadMeasure::measured, this, [this] {
        m_wordsRest.stop();
        refresh();
        emit metricsChanged();
    });
    connectJobs();
    connect(&focus, &Focus::selectionChanged, this, &MapsViews::refresh);
    connect(m_formation, &HeadCurves::roomChanged, this, &MapsViews::refresh);
    whenThemed(&page, [this] { setFormationRoomy(m_formationRoomy); });
}

void MapsViews::addTo(QStackedWidget& stack) {
    for (QWidget* view : {static_cast<QWidget*>(m_heads), static_cast<QWidget*>(m_ablation), static_cast<QWidget*>(m_flow),
                          static_cast<QWidget*>(m_average), static_cast<QWidget*>(m_picture), static_cast<QWidget*>(m_token),
                          static_cast<QWidget*>(m_vectors)})
        stack.addWidget(view);
}

/// From the list of jobs to what they found, and back to work that was cancelled there.
void MapsViews::connectJobs() {
    connect(&m_history, &HeadHistory::announced, this, [this] {
        m_history.job()->setOpener(this, [this] {
            setView(View::metrics);
            emit wanted();
        });
    });
    connect(m_ablation, &AblationView::rankingWanted, this, [this] {
        setView(View::switches);
        emit wanted();
    });
    connect(&m_ablation->study(), &AblationStudy::changed, this, &MapsViews::refreshNotice);
    for (HeadCurves* curves : {m_formation, &m_heads->curves()})
        connect(curves, &HeadCurves::measuringWanted, &m_history, &HeadHistory::goOn);
}

void MapsViews::setView(View view) {
    if (view == m_view) return;
    m_view = view;
    placeTable();
    m_chooser->setCurrent(static_cast<int>(view));
    refresh();
    emit viewChanged();
}

QString MapsViews::viewName() const {
    return QLatin1String(viewNames[static_cast<std::size_t>(m_view)]);
}

bool MapsViews::showNamed(const QString& name) {
    const auto found = std::ranges::find_if(viewNames, [&name](const char* each) { return *each && name == QLatin1String(each); });
    if (found == viewNames.end()) return false;
    if (static_cast<View>(found - viewNames.begin()) == View::picture && !PictureView::isFor(m_focus.run())) return false;
    setView(static_cast<View>(found - viewNames.begin()));
    return true;
}

QWidget* MapsViews::current() const {
    switch (m_view) {
        case View::metrics:
            return m_heads;
        case View::switches:
            return m_ablation;
        case View::flow:
            return m_flow;
        case View::average:
            return m_average;
        case View::picture:
            return m_picture;
        case View::token:
            return m_token;
        case View::vectors:
            return m_vectors;
        case View::maps:
            break;
    }
    return nullptr;
}

QString MapsViews::title() const {
    switch (m_view) {
        case View::metrics:
            return tr("Head metrics");
        case View::switches:
            return tr("Heads switched off");
        case View::flow:
            return tr("Rollout and flow");
        case View::average:
            return tr("Average over inputs");
        case View::picture:
            return tr("Attention over the picture");
        case View::token:
            return tr("One token in all heads");
        case View::vectors:
            return tr("Queries and keys");
        case View::maps:
            break;
    }
    return {};
}

void MapsViews::look(const MapsScene& scene, Run* run, const std::shared_ptr<const Trace>& trace, std::int64_t step) {
    m_scene = scene;
    m_run = run;
    m_trace = trace;
    m_step = step;
    if (!run || scene.empty()) return;
    offerPicture();
    m_measure.look(run->model(), run->experiment().task, trace, step, follows());
    m_history.look(run, m_focus.input());
    refresh();
}

/// Only where there is a picture.
void MapsViews::offerPicture() {
    const bool isPicture = PictureView::isFor(m_run);
    if (!isPicture && m_view == View::picture) setView(View::maps);
    m_chooser->setChoiceShown(static_cast<int>(View::picture), isPicture);
}

bool MapsViews::ready() const {
    if (!m_run || m_scene.empty()) return true;
    if (m_measure.trace() != m_trace) return false;
    switch (m_view) {
        case View::metrics:
            return m_history.settled();
        case View::switches:
            return m_ablation->study().upToDate();
        case View::flow:
            return m_flow->ready();
        case View::average:
            return m_average->ready();
        case View::vectors:
            return m_vectors->ready();
        case View::picture:
        case View::token:
        case View::maps:
            break;
    }
    return true;
}

void MapsViews::refresh() {
    if (!m_run || m_scene.empty() || m_run != m_focus.run()) return;
    refreshSwitch();
    refreshWords();
    switch (m_view) {
        case View::maps:
            return;
        case View::metrics:
            return m_heads->look(m_scene, m_measure.metrics(), m_measure.step());
        case View::switches:
            return m_ablation->look(m_scene);
        case View::flow:
            return m_flow->look(m_scene, m_trace, m_step);
        case View::average:
            return m_average->look(m_scene, m_step);
        case View::picture:
            return m_picture->look(m_scene, m_trace, m_step);
        case View::token:
            return m_token->look(m_scene, m_trace, m_step);
        case View::vectors:
            return m_vectors->look(m_scene, m_step);
    }
}

/// What comes from the measuring may still be of a model that is no longer here.
const std::vector<HeadMetrics>& MapsViews::metrics() const {
    static const std::vector<HeadMetrics> none;
    return static_cast<int>(m_measure.metrics().size()) == m_scene.headCount() ? m_measure.metrics() : none;
}

const HeadMetrics* MapsViews::metricsInHand() const {
    if (m_scene.empty() || metrics().empty()) return nullptr;
    return &metrics()[m_scene.indexOf(m_focus.selection())];
}

/// "not here; L3 H2 at step 205": the head that formed first, for one that did not. Empty when none did.
QString MapsViews::earliestText(HeadMetric metric) const {
    std::optional<Formation> earliest;
    QString name;
    for (int index = 0; index < m_scene.headCount(); ++index) {
        const auto formed = m_history.formation(index, metric);
        if (!formed || formed->finalValue < mostOfTheWeight || (earliest && earliest->step <= formed->step)) continue;
        earliest = formed;
        name = m_scene.head(static_cast<std::size_t>(index)).name;
    }
    return earliest ? tr("not here; %1 at step %2").arg(name, grouped(earliest->step)) : QString();
}

bool MapsViews::follows() const {
    return m_run && m_focus.live() && m_run->state() == Run::State::training;
}

/// The notice, and the curves that cost as much as the maps: a training that is followed moves them little from frame to frame, and
/// sentences want to be read.
void MapsViews::refreshWords() {
    m_wordsDue = follows() && m_wordsRest.isActive();
    if (m_wordsDue) return;
    refreshNotice();
    if (m_view == View::maps) refreshFormation();
    if (m_view == View::maps && m_heads->hasLentTable()) m_heads->look(m_scene, m_measure.metrics(), m_measure.step());
    if (follows()) m_wordsRest.start();
}

void MapsViews::refreshFormation() {
    if (!metricsInHand()) return;
    const std::size_t head = m_scene.indexOf(m_focus.selection());
    const HeadMetrics& metrics = m_measure.metrics()[head];
    const HeadMetric metric = tellingMetric(metrics);
    const std::optional<SourcePattern> pattern = patternOf(m_scene);
    std::vector<HeadCurve> curves{curveOf(head, metric)};
    const HeadCurve curve = curves.front();
    if (m_formation->roomForCurves() > 1)
        for (HeadCurve& other : othersThan(head, metric)) curves.push_back(std::move(other));
    m_formation->setTitle(isMass(metric) ? tr("When did it form?") : tr("How did it change?"));
    m_formation->setShortTitle(isMass(metric) ? tr("Formed?") : tr("Changed?"));
    m_formation->setCurves(metric, pattern, m_history.steps(), curves, isMass(metric) ? metrics.evenMass(metric) : std::nan(""));
    m_formation->setShownStep(m_focus.shownStep(), m_run->step());
    m_formation->setStopped(m_history.stopped());
    QString said = m_history.stopped() ? tr("partly measured") : formationText(metric, curve, m_history.complete());
    const QString elsewhere = curve.formation ? QString() : earliestText(metric);
    if (!m_history.error().isEmpty()) said = m_history.error();
    if (m_run->step() == 0) said = tr("not trained yet");
    // "mirror: half of it at step 262", "mirror: not yet, 12 %"; in a narrow column the step is worth more than the name.
    const bool narrow = m_formation->width() < Theme::instance().px(leastWithName) && !said.isEmpty();
    const QString title = metricTitle(metric, pattern);
    const QString named = narrow ? said : said.isEmpty() ? title : tr("%1: %2").arg(title, said);
    m_formation->setSubtitle(elsewhere.isEmpty() ? named : elsewhere);
}

void MapsViews::setFormationRoomy(bool roomy) {
    m_formationRoomy = roomy;
    m_formation->setCompact(!roomy);
    if (roomy) m_companion->layout()->addWidget(m_formation);
    placeTable();
    m_formation->setMaximumHeight(roomy ? QWIDGETSIZE_MAX : Theme::instance().px(formationHeight));
}

/// Beside the maps where there is room for it, else in its own view.
void MapsViews::placeTable() {
    const bool beside = m_view == View::maps && m_formationRoomy && m_companion->height() >= Theme::instance().px(leastWithTable) &&
                        m_companion->width() >= Theme::instance().px(leastTableWidth);
    m_heads->lendTable(beside ? static_cast<QVBoxLayout*>(m_companion->layout()) : nullptr);
}

bool MapsViews::eventFilter(QObject* object, QEvent* event) {
    // Not while the layout is at work.
    if (object == m_companion && event->type() == QEvent::Resize)
        QMetaObject::invokeMethod(
            this,
            [this] {
                placeTable();
                refresh();
            },
            Qt::QueuedConnection);
    return QObject::eventFilter(object, event);
}

/// `head` counted through all blocks.
HeadCurve MapsViews::curveOf(std::size_t head, HeadMetric metric) const {
    const int index = static_cast<int>(head);
    return {m_scene.head(head).name, m_history.values(index, metric), m_history.formation(index, metric),
            m_history.namedFrom(index, metric)};
}

/// Those that end highest, the highest first.
std::vector<HeadCurve> MapsViews::othersThan(std::size_t head, HeadMetric metric) const {
    std::vector<HeadCurve> curves;
    for (std::size_t other = 0; other < static_cast<std::size_t>(m_scene.headCount()); ++other)
        if (HeadCurve curve = curveOf(other, metric); other != head && !curve.values.empty() && std::isfinite(curve.values.back()))
            curves.push_back(std::move(curve));
    std::stable_sort(curves.begin(), curves.end(),
                     [](const HeadCurve& a, const HeadCurve& b) { return a.values.back() > b.values.back(); });
    curves.resize(std::min(curves.size(), HeadCurves::mostCurves - 1));
    return curves;
}

void MapsViews::refreshSwitch() {
    const Selection selection = m_focus.selection();
    const bool off = m_ablation->stateOf({selection.block, selection.head}) == AblationTable::State::off;
    m_switch->setChecked(off);
    m_switch->setText(off ? tr("Switched off") : tr("Switch off"));
}

void MapsViews::refreshNotice() {
    // Heads that were made uniform by hand say nothing about the run.
    const bool asTrained = m_run && m_focus.headChanges().empty();
    const QString notice =
        asTrained ? uniformNotice(*m_run, m_step, m_scene, metrics(), m_ablation->evidenceAt(m_step)) : QString();
    m_notice->setText(notice);
    m_notice->setVisible(!notice.isEmpty());
}

void MapsViews::toggleHead() {
    const AblationSubject subject{m_focus.selection().block, m_focus.selection().head};
    const bool off = m_ablation->stateOf(subject) == AblationTable::State::off;
    m_ablation->setState(subject, off ? AblationTable::State::on : AblationTable::State::off);
    refreshSwitch();
}

std::vector<FigureOffer> MapsViews::figures() const {
    if (!m_run || m_scene.empty()) return {};
    // Of the step that the numbers belong to: they may be a moment behind the maps.
    const auto at = [this](std::int64_t step) {
        return FigureSubject{m_run->name(), step, QString(), inputWords(*m_run, m_focus.input())};
    };
    if (m_view == View::metrics) return headsFigures(*m_heads, at(m_measure.step()));
    if (m_view == View::flow) return partOffers(*m_flow, at(m_flow->drawnStep()));
    if (m_view == View::picture) return m_picture->figures(at(m_picture->drawnStep()));
    if (m_view == View::token) return partOffers(*m_token, at(m_token->drawnStep()));
    if (m_view == View::vectors) {
        FigureSubject subject = at(m_step);
        const HeadPlace place = m_scene.heads[m_scene.indexOf(m_focus.selection())];
        subject.head = headTitle(m_scene.blocks[static_cast<std::size_t>(place.block)], place.head);
        return m_vectors->figures(subject);
    }
    if (m_view == View::average) return averageFigures(*m_average, at(m_step));
    const auto& outcome = m_ablation->study().outcome();
    return ablationFigures(*m_ablation, at(outcome ? outcome->step : m_step));
}

}  // namespace lab
