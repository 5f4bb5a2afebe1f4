#pragma once

#include <QJsonObject>
#include <QWidget>
#include <vector>

#include "core/text/corpus.h"
#include "ui/pages/own_bars.h"
#include "ui/runs/focus.h"
#include "ui/runs/place.h"
#include "ui/widgets/export_panel.h"

namespace lab {

/// What stands at the left of the page's header.
struct TabHeading {
    QString title;     ///< bold
    QString detail{};  ///< muted
};

/// One tab of a page (tabbed_page.h): a picture of the focus. Hidden tabs do nothing; refresh() is called when one is shown, and then
/// whenever the focus has changed, at most some 30 times a second.
class PageTab : public QWidget {
    Q_OBJECT

public:
    explicit PageTab(Focus& focus, QWidget* parent = nullptr) : QWidget(parent), m_focus(focus) {}

    virtual TabHeading heading() const = 0;
    /// The tab's own buttons in the page's header, to the right of the tabs; null: it has none. Made once, given to the header.
    virtual QWidget* controls() { return nullptr; }
    /// Shows the present state of the focus.
    virtual void refresh() = 0;
    /// All that refresh() asked for off the GUI thread has come.
    virtual bool ready() const { return true; }
    /// What can be exported as it is now; the first is suggested.
    virtual std::vector<FigureOffer> figures() { return {}; }

    /// What stands in the place of the window's bars while the tab is shown; made once.
    virtual OwnBars ownBars() { return {}; }

    /// Shows the part that a Place names; false: there is no such one.
    virtual bool showCell(const QString& cell) { return cell.isEmpty(); }
    /// Escape that nobody nearer to the keyboard wanted; true when there was something to leave.
    virtual bool escape() { return false; }
    /// What it shows above all, now.
    virtual QWidget* mainPart() { return this; }
    /// Whether another weight of the run gives another picture.
    virtual bool showsWeights() const { return false; }
    /// What the person did here that a session keeps; empty: nothing.
    virtual QJsonObject notes() const { return {}; }
    virtual void takeNotes(const QJsonObject&) {}

signals:
    /// Heading or pictures are others now.
    void changed();
    /// refresh() is wanted soon.
    void refreshWanted();
    void placeWanted(const lab::Place& place);
    void settingWanted(const QString& key);
    /// A run on these texts, cleaned and parted so.
    void textWanted(const QStringList& paths, const lab::CorpusSettings& settings);

protected:
    Focus& focus() const { return m_focus; }

private:
    Focus& m_focus;
};

}  // namespace lab
