#pragma once

#include <QJsonObject>
#include <QObject>
#include <vector>

#include "ui/pages/page.h"

class QScrollArea;
class QStackedWidget;

namespace lab {

class Workspace;

/// The pages of one window, by their place in page_table.h, each made when somebody first needs it: a window is there before most of them
/// are. What is not made nobody has touched: it has nothing to keep, and looks when it is made as if it had been there all the time.
class PageBook : public QObject {
    Q_OBJECT

public:
    /// Each has its place in the stack from the beginning. Without a workspace there are no pages of several runs.
    PageBook(Focus& focus, Workspace* workspace, QStackedWidget& stack, QObject* parent = nullptr);

    std::size_t size() const { return m_places.size(); }
    /// The page, made now if it was not; null: without a workspace there is none.
    Page* operator[](std::size_t index);
    /// Null: it was not needed yet.
    Page* ifMade(std::size_t index) const { return m_places[index].page; }
    /// The place of the page of this name, made or not; -1: there is none.
    static int indexOf(const QString& name);

    template <class SomePage>
    static std::size_t placeOf() {
        return static_cast<std::size_t>(indexOf(SomePage::pageName()));
    }
    /// The only page of its kind, made now if it was not.
    template <class SomePage>
    SomePage& get() {
        return static_cast<SomePage&>(*(*this)[placeOf<SomePage>()]);
    }
    template <class SomePage>
    SomePage* ifMade() const {
        return static_cast<SomePage*>(ifMade(placeOf<SomePage>()));
    }
    /// Acts on it as soon as it is there: now, or when somebody needs it.
    template <class SomePage, class Act>
    void whenMade(const QObject* context, Act act) {
        if (auto* page = ifMade<SomePage>()) return act(*page);
        connect(this, &PageBook::made, context, [this, act](const Page* page) {
            if (auto* wanted = ifMade<SomePage>(); wanted == page) act(*wanted);
        });
    }

    /// What the person did on the pages that a session keeps: an object of each, by its name.
    QJsonObject notes() const;
    void takeNotes(const QJsonObject& notes);
    /// Makes what the other one has and lets it look like that.
    void takeOver(const PageBook& other);

signals:
    /// It stands in its place and is not shown yet.
    void made(lab::Page* page);

private:
    struct Place {
        QScrollArea* frame;
        Page* page = nullptr;
    };

    Focus& m_focus;
    Workspace* m_workspace;
    std::vector<Place> m_places;
};

}  // namespace lab
