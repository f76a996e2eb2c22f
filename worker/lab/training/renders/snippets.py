"""Source code to show on pages, in many languages; names and numbers are changed at each use."""

import random
import re

from worker.lab.training.renders.words import ENGLISH

SNIPPETS = {
    "python": '''
@dataclass(frozen=True)
class Widget:
    """A widget of the window; see `render`."""
    title: str
    weight: float = 0.5

    def render(self, canvas, depth=0):
        # Deeper ones are drawn first.
        for index, child in enumerate(self.children):
            if child.hidden or depth > 16:
                continue
            child.render(canvas, depth + 1)
        return canvas.text(10, 24, f"{self.title!r}: {self.weight:.2f}")

def load(path: Path) -> dict[str, int]:
    with path.open(encoding="utf-8") as file:
        counts = Counter(line.split("\\t")[0] for line in file)
    return {key: value for key, value in counts.items() if value != 1}
''',
    "javascript": '''
import { createStore } from "./store.js";

const store = createStore({ items: [], filter: null });

export async function fetchItems(url, { retries = 3 } = {}) {
  for (let i = 0; i < retries; i++) {
    const response = await fetch(`${url}?page=${i}`);
    if (response.ok) return response.json();   // done
  }
  throw new Error("gave up after " + retries + " tries");
}

document.querySelector("#save").addEventListener("click", (event) => {
  event.preventDefault();
  store.dispatch({ type: "SAVE", at: Date.now() });
});
''',
    "c": '''
#include <stdio.h>
#include <stdlib.h>
#define LIMIT 256

/* Puts one more at the head of the list. */
static struct node *push(struct node *head, int value)
{
    struct node *fresh = malloc(sizeof *fresh);
    if (!fresh)
        return NULL;
    fresh->value = value & 0xff;
    fresh->next = head;
    return fresh;
}

int main(int argc, char **argv)
{
    for (int i = 0; i < LIMIT; ++i)
        printf("%d: %s\\n", i, argv[i % argc]);
    return 0;
}
''',
    "rust": '''
use std::collections::HashMap;

#[derive(Debug, Clone)]
pub struct Parser<'a> {
    source: &'a str,
    offset: usize,
}

impl<'a> Parser<'a> {
    pub fn next(&mut self) -> Option<Token> {
        let rest = &self.source[self.offset..];
        match rest.chars().next()? {
            '0'..='9' => Some(self.number()),
            '"' => self.string().ok(),
            c if c.is_alphabetic() => Some(Token::Word(c)),
            _ => None, // the end
        }
    }
}
''',
    "java": '''
package org.example.queue;

import java.util.List;

public final class Scheduler implements Runnable {
    private static final int MAX_TRIES = 8;
    private final List<Job> jobs;

    @Override
    public void run() {
        for (Job job : jobs) {
            if (job.isDone() && job.getTries() <= MAX_TRIES) {
                System.out.println("finished " + job.getName());
            }
        }
    }
}
''',
    "sql": '''
-- Customers without an order this year
SELECT c.name, c.city, COUNT(o.id) AS orders, SUM(o.total) / 100.0 AS spent
FROM customers AS c
LEFT JOIN orders AS o ON o.customer_id = c.id AND o.placed_at >= '2025-01-01'
WHERE c.country IN ('DE', 'FR', 'PL') AND c.closed IS NULL
GROUP BY c.name, c.city
HAVING COUNT(o.id) < 10
ORDER BY spent DESC
LIMIT 50;
''',
    "json": '''
{
  "name": "sensor",
  "version": "1.4.0",
  "enabled": true,
  "limits": { "low": -12.5, "high": 98.6, "unit": "C" },
  "tags": ["north", "roof", "b-17"],
  "owner": null
}
''',
    "yaml": '''
services:
  cache:
    image: cache:7.2
    command: ["serve", "--append-only", "yes"]
    ports:
      - "6379:6379"
    environment:
      LOG_LEVEL: info      # debug is noisy
      MAX_MEMORY: 512mb
  worker:
    depends_on: [cache]
    replicas: 4
''',
    "bash": '''
#!/bin/sh
set -eu
for file in "$@"; do
    size=$(wc -c < "$file")
    if [ "$size" -gt 4096 ]; then
        echo "too large: $file ($size bytes)" >&2
        continue
    fi
    tar -rf archive.tar "$file" && rm -- "$file"
done
''',
    "html": '''
<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Weather</title></head>
  <body class="page wide">
    <!-- today -->
    <h1 id="top">Weather in 7 days</h1>
    <a href="/map?zoom=4&amp;layer=rain">Map</a>
    <img src="sun.svg" alt="A sun" width="48">
  </body>
</html>
''',
    "css": '''
:root { --accent: #2f6fed; --gap: 12px; }
.card > .title::after { content: "*"; color: crimson; }
@media (max-width: 640px) {
  .grid { display: grid; grid-template-columns: 1fr 2fr; gap: var(--gap); }
  .grid .cell:hover { transform: translateY(-1px) scale(1.02); }
}
''',
    "haskell": '''
module Tree (insert, depth) where

data Tree a = Leaf | Node (Tree a) a (Tree a) deriving (Show, Eq)

insert :: Ord a => a -> Tree a -> Tree a
insert x Leaf = Node Leaf x Leaf
insert x t@(Node l y r)
  | x < y     = Node (insert x l) y r
  | x > y     = Node l y (insert x r)
  | otherwise = t  -- already there
''',
    "go": '''
package main

import "fmt"

type Shape interface{ Area() float64 }

func total(shapes []Shape) (sum float64, err error) {
	for _, s := range shapes {
		if s == nil {
			return 0, fmt.Errorf("nil shape after %.2f", sum)
		}
		sum += s.Area()
	}
	return sum, nil
}
''',
    "r": '''
library(stats)
heights <- read.csv("heights.csv", sep = ";")
model <- lm(height ~ age + I(age^2), data = heights)
summary(model)$r.squared   # 0.87
plot(heights$age, resid(model), pch = 19, col = "#3366aa")
abline(h = 0, lty = 2)
''',
    "cpp": '''
template <typename T>
std::optional<T> find_if(const std::vector<T>& all, std::function<bool(const T&)> test) {
    for (auto&& one : all)
        if (test(one)) return one;
    return std::nullopt;  // nothing
}
auto it = std::lower_bound(v.begin(), v.end(), 42);
std::cout << std::hex << *it << " != " << 0x7fff << std::endl;
''',
    "diff": '''
--- a/src/limits.py
+++ b/src/limits.py
@@ -14,7 +14,8 @@ class Limits:
     def allows(self, size):
-        return size < self.most
+        # The limit itself is still allowed.
+        return size <= self.most
@@ -31,2 +32,2 @@
     def __repr__(self):
''',
}  # fmt: skip

_RENAMED = re.compile(
    r"\b(widget|weight|canvas|child|items|filter|event|head|value|fresh|offset|rest|jobs|orders|"
    r"spent|cache|file|size|card|heights|shapes|sum|limits|title|index|counts|store|worker)\b"
)
_CHANGED = re.compile(r"\b\d{2,3}\b")


def snippet(rng: random.Random) -> tuple[str, str]:
    """Give (language by the name Pygments knows, code); the same seed gives the same."""
    language = rng.choice(list(SNIPPETS))
    code = SNIPPETS[language].strip("\n")
    names = {name: rng.choice(ENGLISH).lower() for name in set_of(_RENAMED, code)}
    if rng.random() < 0.8:
        code = _RENAMED.sub(lambda found: names[found[0]], code)
    return language, _CHANGED.sub(lambda _: str(rng.randint(10, 999)), code)


def set_of(pattern: re.Pattern[str], text: str) -> list[str]:
    """Give the words that match, each once, in an order that never changes."""
    return sorted({found[0] for found in pattern.finditer(text)})
