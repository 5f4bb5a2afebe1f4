#pragma once

#include <QElapsedTimer>
#include <QJsonObject>
#include <QPointer>
#include <QString>
#include <QWidget>
#include <functional>
#include <vector>

#include "core/text/corpus.h"
#include "ui/pages/own_bars.h"
#include "ui/runs/focus.h"
#include "ui/runs/place.h"
#include "ui/widgets/export_panel.h"

namespace lab {

class Button;

/// One page of the window: a picture of (run, step, input). Hidden pages do nothing and refresh when they are shown; many changes between
/// two frames make one refresh (at most some 30 a second).
class Page : public QWidget {
    Q_OBJECT

public:
    Page(Focus& focus, QWidget* parent = nullptr);

    virtual QString title() const = 0;     ///< on the rail: "Train"
    virtual QString iconName() const = 0;  ///< resources/icons/NAME.svg

    /// Whether another weight of the run gives another picture.
    virtual bool showsWeights() const { return true; }

    /// Escape that nobody nearer to the keyboard wanted; true when the page had something to leave.
    virtual bool escape() { return false; }

    /// What of the page is shown besides the focus: a stage, a view, by its kept name; empty where there is but one.
    virtual QString stage() const { return {}; }
    /// Shows it, and the cell of it that a Place names; false: there is no such stage.
    virtual bool showStage(const QString& stage, const QString& cell) { return stage.isEmpty() && cell.isEmpty(); }

    /// What it shows above all, now: what remains of it before an audience.
    virtual QWidget* mainPart() { return this; }
    /// The stages through which it is told to an audience, by their kept names; none: the steps of the training.
    virtual QStringList walkedStages() const { return {}; }

    /// What the person did here that a session keeps; empty: nothing.
    virtual QJsonObject notes() const { return {}; }
    virtual void takeNotes(const QJsonObject&) {}

    /// Looks as the same page of another window does, as far as the focus does not say it.
    virtual void takeOver(const Page& other);

    /// Train or pause that the page does in its own way; true when it did.
    virtual bool toggleTraining() { return false; }

    /// What stands in the place of the window's bars while the page is shown.
    virtual OwnBars ownBars() { return {}; }

    /// What can be exported of the page as it is now; the first is suggested.
    virtual std::vector<FigureOffer> figures() { return {}; }
    /// Pictures that the window draws beside every page.
    void setMoreFigures(std::function<std::vector<FigureOffer>()> more) { m_moreFigures = std::move(more); }
    /// All of these, each with its film through the kept steps.
    std::vector<FigureOffer> allFigures();
    /// Opens the panel for it.
    void showExport();
    ExportPanel* exportPanel() const { return m_export; }  ///< null before it was opened

    /// Draws it anew soon: parts of it that were hidden by somebody else are there again.
    void drawAgain() { scheduleRefresh(); }
    /// Draws the shown step now instead of soon; false while something of it is still computed.
    bool catchUp();

signals:
    /// More of what the person clicked is to be seen there, on this page or another.
    void placeWanted(const lab::Place& place);
    /// The setting of this name, among those of the next run.
    void settingWanted(const QString& key);
    /// A run on these texts, cleaned and parted so.
    void textWanted(const QStringList& paths, const lab::CorpusSettings& settings);
    /// ownBars() are others now.
    void barsChanged();
    /// What the page shows is that of the focus now; its parts paint it in the next frame.
    void refreshed();

protected:
    /// Shows the present state of focus(); called only while visible.
    virtual void refresh() = 0;
    /// All that refresh() asked for off the GUI thread has come.
    virtual bool ready() const { return true; }
    /// Whether its picture changes with the trace only, while a training is followed.
    virtual bool standsOnTrace() const { return false; }
    /// Asks for a refresh soon; the signals of the focus and of its run do this by themselves, but for news of a training whose trace a
    /// page that standsOnTrace() waits for.
    void scheduleRefresh();
    Focus& focus() const { return m_focus; }
    /// For the page's header.
    Button* makeExportButton();

    void showEvent(QShowEvent* event) override;

private:
    void watchRun();
    void takeNews();
    void answerHand();
    void refreshNow();

    Focus& m_focus;
    QMetaObject::Connection m_runConnections[4];
    QPointer<ExportPanel> m_export;
    std::function<std::vector<FigureOffer>()> m_moreFigures;
    bool m_refreshDue = true;
    bool m_timerRunning = false;
    QElapsedTimer m_sinceRefresh, m_sinceAnswer;
};

}  // namespace lab
